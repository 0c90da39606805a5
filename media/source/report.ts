import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folder = fileURLToPath(new URL('../', import.meta.url));

/** The page of a drill on bare ioredis, which makes calls wait, and a picture of its top (Debian: chromium). */
export async function report(): Promise<void> {
	const args = ['drill', 'default', '--subject', 'media/subjects/ioredis.mjs', '--report', 'html'];
	const {stdout, status} = spawnSync(process.execPath, [program, ...args], {
		cwd: fileURLToPath(new URL('../../', import.meta.url)),
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	// Not met are the expectations of a drill on this subject, and that is what the page shows.
	if (status !== 1) throw new Error(`the drill ended with exit code ${status}`);
	writeFileSync(`${folder}report.html`, stdout);
	execFileSync(
		'chromium',
		[
			...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=1000,1400'],
			`--screenshot=${folder}report.png`,
			`file://${folder}report.html`,
		],
		{stdio: 'ignore'},
	);
}
