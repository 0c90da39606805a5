import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {drillNames, listDrills, loadDrill} from '../../source/drills/drill-library.js';

const mine = {
	name: 'mine',
	summary: 'Something happens',
	duration: '10s',
	steps: [{at: 1000, fault: 'latency 20ms down', for: '2s'}],
	expectations: ['wrongReads == 0'],
};

describe('the drills that come with the program', () => {
	it('are the files of the library folder', async () => {
		const files = await readdir(new URL('../../source/drills/library/', import.meta.url));
		expect([...drillNames].sort()).toEqual(files.map((file) => file.replace(/\.json$/, '')).sort());
	});

	it('are valid, last 6 to 20 seconds, have a fault and expect correct reads', async () => {
		const drills = await listDrills();
		expect(drills.length).toBeGreaterThanOrEqual(8);
		expect(drills[0]?.name).toBe('default');
		for (const {name, durationMs, steps, expectations} of drills) {
			expect(durationMs, name).toBeGreaterThanOrEqual(6000);
			expect(durationMs, name).toBeLessThanOrEqual(20_000);
			expect(steps.filter(({kind}) => kind === 'fault').length, name).toBeGreaterThan(0);
			const names = expectations.map((each) => each.name);
			expect(names, name).toEqual(expect.arrayContaining(['wrongReads == 0', 'hungCalls == 0', 'failedCalls == 0']));
			// Time to recover, and to notice wrong reads afterwards.
			const last = Math.max(...steps.map((step) => step.atMs + (step.forMs ?? 0)));
			expect(durationMs - last, name).toBeGreaterThanOrEqual(2000);
			expect((await loadDrill(name)).name).toBe(name);
		}
	});

	it('are found by name, and files by path; an error for anything else lists the names', async () => {
		await expect(loadDrill('earthquake')).rejects.toMatchObject({
			code: 'ERR_DRILL_NOT_FOUND',
			message: expect.stringMatching(/^No drill "earthquake" and no such file; there are default, black-hole/),
		});
		await expect(loadDrill('./none.json')).rejects.toMatchObject({code: 'ERR_DRILL_NOT_FOUND'});
		await expect(loadDrill('.')).rejects.toMatchObject({
			code: 'ERR_DRILL_FILE',
			message: expect.stringContaining('EISDIR'),
		});
		const directory = await mkdtemp(join(tmpdir(), 'rct-test-'));
		try {
			const file = join(directory, 'mine.json');
			await writeFile(file, JSON.stringify(mine));
			expect((await loadDrill(file)).name).toBe('mine');
		} finally {
			await rm(directory, {recursive: true});
		}
	});
});
