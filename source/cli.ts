#!/usr/bin/env node
// Everything else is imported after the check, since newer syntax would be a stack trace on an old Node.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
	process.stderr.write(
		`redis-cache-tui needs Node.js 22 or newer, and this is ${process.versions.node}: install a newer one\n`,
	);
	process.exitCode = 2;
} else {
	// Ink would print that React's developer tools are missing.
	delete process.env.DEV;
	const {main} = await import('./cli/main.js');
	process.exitCode = await main(process.argv.slice(2));
}
