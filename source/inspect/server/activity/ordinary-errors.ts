/** Codes of error replies that redirect a command, or ask to send a script: part of normal traffic. */
export const ordinaryErrors: ReadonlySet<string> = new Set(['MOVED', 'ASK', 'NOSCRIPT', 'BUSYGROUP']);
