import type { Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";

/** Throws `second_person_required` where who wanted something decides about it as well. */
export function assertSecondPerson(
  actor: Pick<Principal, "id">,
  first: string,
  { verb, what }: { verb: string; what: string },
) {
  if (actor.id !== first) return;
  throw new AppError(
    "second_person_required",
    `Who requests ${what} cannot ${verb} it: another operator or administrator has to.`,
  );
}
