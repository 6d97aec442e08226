/** Imported by a process whose parent holds a channel to it: when the parent is gone, it ends too. */
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
