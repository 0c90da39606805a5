import {readdirSync} from 'node:fs';
import {runDrill} from 'redis-cache-tui/testing';
import type {DrillFile} from '../../source/testing/testing.js';
import {healDrills} from './heal/drills.js';
import {drillTable, legend, type Row} from './heal/table.js';

/** A library that needs an installation of its own. */
const leftOut = new Set(['nextjs.mjs']);

const folder = new URL('../../media/subjects/', import.meta.url);

/** Number of libraries measured at the same time. Each gets 200 calls a second: little even for two processors. */
const atOnce = 2;

/** Puts every ready-made subject through the same outages, with the built program (`npm run build`). */
export async function run(): Promise<void> {
	process.stdout.write(`\n## Heal table\n\n${legend}\n`);
	for (const drill of healDrills) process.stdout.write(`\n${drillTable(drill, await rowsOf(drill))}\n`);
}

async function rowsOf(drill: DrillFile): Promise<readonly Row[]> {
	const files = readdirSync(folder)
		.filter((file) => !leftOut.has(file))
		.sort();
	const rows: Row[] = [];
	const rest = files.entries();
	const work = async (): Promise<void> => {
		for (const [index, file] of rest) {
			const report = await runDrill(new URL(file, folder), drill).catch((error: Error) => error.message);
			rows[index] = {name: file.replace('.mjs', ''), report};
		}
	};
	await Promise.all(Array.from({length: atOnce}, work));
	return rows;
}
