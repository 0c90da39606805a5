import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folder = fileURLToPath(new URL('../', import.meta.url));

/** The page of a drill that really ran, and a picture of its top (Debian: chromium). */
export async function report(): Promise<void> {
	const {stdout, status} = spawnSync(process.execPath, [program, 'drill', 'black-hole', '--report', 'html'], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	if (status !== 0) throw new Error(`the drill ended with exit code ${status}`);
	writeFileSync(`${folder}report.html`, stdout);
	execFileSync(
		'chromium',
		[
			...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=1000,1250'],
			`--screenshot=${folder}report.png`,
			`file://${folder}report.html`,
		],
		{stdio: 'ignore'},
	);
}
