import { useSession } from "./session.tsx";

type WritingRole = "operator" | "auditor";

/** Whether who is signed in may do what takes one of some roles; an administrator may do all of it. */
export function createRights(): { may: (...roles: WritingRole[]) => boolean; isMe: (id: string) => boolean } {
  const session = useSession();
  const me = () => {
    const state = session.state();
    return state.kind === "signed-in" ? state.me : undefined;
  };
  return {
    may: (...roles) => {
      const own = me()?.roles ?? [];
      return own.includes("admin") || roles.some((role) => own.includes(role));
    },
    isMe: (id) => me()?.id === id,
  };
}
