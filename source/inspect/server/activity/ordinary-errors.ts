/** Codes of error replies that are part of normal traffic: they redirect a command, or request that a script is sent. */
export const ordinaryErrors: ReadonlySet<string> = new Set(['MOVED', 'ASK', 'NOSCRIPT', 'BUSYGROUP']);
