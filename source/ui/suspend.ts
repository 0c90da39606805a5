/** Long enough for the signal to arrive, short enough not to be noticed where there is no shell to go back to. */
const settleMs = 50;

/**
 * Stops this process group as Ctrl-Z does in any program, and returns when it runs again.
 *
 * Without a shell that controls jobs the system ignores the signal; then this returns at once and the screen is back.
 */
export function suspendToShell(): Promise<void> {
	return new Promise((resolve) => {
		// The group, so that npm or a wrapper script stops too. The timer only runs while the process does.
		process.kill(0, 'SIGTSTP');
		setTimeout(resolve, settleMs);
	});
}
