import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openSubject, tryCalls} from '../../source/drills/subject/open-subject.js';
import {parseSubject} from '../../source/drills/subject/subject-spec.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {runDrill, type StepInFile} from '../../source/testing/testing.js';

const media = new URL('../../media/', import.meta.url);
const guide = 'examples/test-your-cache';
const filesOf = (folder: string) => readdirSync(new URL(folder, media)).map((name) => `${folder}/${name}`);

describe.concurrent('a ready-made subject', () => {
	let redis: PrivateRedis;

	beforeAll(async () => {
		redis = await startPrivateRedis();
	});

	afterAll(() => redis.close());

	// Next.js is not installed with this project: test/applications/nextjs.test.ts tries its subject.
	it.for(filesOf('subjects').filter((file) => !file.includes('nextjs')))(
		'%s keeps, loads and deletes values, in at most thirty lines',
		async (file) => {
			const path = fileURLToPath(new URL(file, media));
			expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThanOrEqual(31);
			const subject = await openSubject(parseSubject(path), redis.url);
			try {
				await tryCalls(subject, file, `key-of-${file}`, 60_000);
				expect(subject.canLoad).toBe(!file.includes('keyv'));
			} finally {
				expect(await subject.close()).toBeUndefined();
			}
		},
	);
});

describe.concurrent('a cache of the guide', () => {
	/** Half of the calls are changes of a few keys, so that some of them fall into the outage for certain. */
	const outage = {
		name: 'outage',
		summary: 'The cache of the guide in a short outage',
		duration: '2s',
		workload: {rate: 400, keys: 60, mix: {read: 50, write: 20, delete: 30}},
		cache: {deadline: '1s'},
		steps: [{at: '500ms', fault: 'blackhole', for: '700ms'}] as StepInFile[],
		expectations: ['wrongReads == 0'],
	};
	const run = (name: string, drill = outage) => runDrill(new URL(`${guide}/${name}.mjs`, media), drill);

	it('hangs if it has no deadlines', async () => {
		// A call hangs after twice the deadline and 250 ms.
		const steps = [{at: '300ms', fault: 'blackhole', for: '1700ms'}];
		const {hungCalls, lateCalls = 0} = await run('1-naive', {...outage, cache: {deadline: '50ms'}, steps});
		// On a busy machine a call that hangs is late with its process.
		expect(hungCalls + lateCalls).toBeGreaterThan(0);
	});

	it('loses changes if it has deadlines and nothing else, and old values come back', async () => {
		// Until the end of the drill: no later change repairs what is lost.
		const report = await run('2-deadlines', {...outage, steps: [{at: '1200ms', fault: 'blackhole'}]});
		expect(report.wrongReads).toBeGreaterThan(0);
		expect(report.returned?.otherProcess).toBeGreaterThan(0);
	});

	it('has no wrong read on redis-cache-tui', async () => {
		const report = await run('3-redis-cache-tui');
		expect(report).toMatchObject({wrongReads: 0, returned: {ownProcess: 0, otherProcess: 0}});
	});
});
