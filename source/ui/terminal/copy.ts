/**
 * Copies a text to the clipboard with the escape sequence OSC 52. The terminal may ignore it; it passes through SSH and, with
 * `set-clipboard`, through tmux.
 */
export function copyToClipboard(stdout: NodeJS.WritableStream, text: string): void {
	stdout.write(`\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`);
}
