#!/usr/bin/env node
// Everything else is imported after this check, since an old version of Node.js would fail on newer syntax with a stack trace.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
	process.stderr.write(
		`redis-cache-tui needs Node.js 22 or newer, and this is Node.js ${process.versions.node}: install a newer version\n`,
	);
	process.exitCode = 2;
} else {
	// With `DEV`, Ink would print that React's developer tools are missing.
	delete process.env.DEV;
	const {main} = await import('./cli/main.js');
	process.exitCode = await main(process.argv.slice(2));
}
