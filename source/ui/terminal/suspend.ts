/** Milliseconds until the stop signal has arrived; short enough to go unnoticed where nothing stops the process. */
const settleMs = 50;

/**
 * Stops the process group, as Ctrl-Z does in any program, and resolves when it runs again.
 *
 * Without a shell that has job control the system ignores the signal, and this resolves at once.
 */
export function suspendToShell(): Promise<void> {
	return new Promise((resolve) => {
		// The whole group, so that npm or a wrapper script stops too. The timer does not run while the process is stopped.
		process.kill(0, 'SIGTSTP');
		setTimeout(resolve, settleMs);
	});
}
