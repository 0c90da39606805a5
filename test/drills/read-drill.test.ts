import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {DrillFileError} from '../../source/drills/drill-errors.js';
import {listDrills, loadDrill} from '../../source/drills/drill-library.js';
import {readDrill} from '../../source/drills/read-drill.js';

const good = {
	name: 'mine',
	summary: 'Something happens',
	duration: '10s',
	workload: {rate: 100, ttl: '1m', loader: 5},
	cache: {memory: false, journal: {maxKeys: 10}, deadline: '100ms', grace: '5m'},
	steps: [
		{at: '5s', workload: {rate: 500}, for: '1s'},
		{at: 1000, fault: 'latency 20ms down', for: '2s'},
	],
	expectations: ['wrongReads == 0', ' settleMs.p99<=50 '],
};

const text = (change: Record<string, unknown> = {}): string => JSON.stringify({...good, ...change}, null, 2);

function refusalOf(source: string): DrillFileError | undefined {
	try {
		readDrill(source, 'mine.json');
	} catch (error) {
		if (error instanceof DrillFileError) return error;
		throw error;
	}
	return undefined;
}

function problemsOf(source: string): string[] {
	return (refusalOf(source)?.problems ?? []).map(({line, path, message}) => `${line} ${path}: ${message}`);
}

describe('a drill file', () => {
	it('is read with its times in milliseconds and its steps in order', () => {
		expect(readDrill(text(), 'mine.json')).toEqual({
			name: 'mine',
			summary: 'Something happens',
			durationMs: 10_000,
			workload: {rate: 100, ttl: 60_000, loaderMs: 5},
			cache: {memory: false, journal: {maxKeys: 10}, deadlineMs: 100, grace: 300_000},
			steps: [
				{
					kind: 'fault',
					atMs: 1000,
					forMs: 2000,
					label: 'latency 20ms down',
					fault: {kind: 'latency', delayMs: 20, direction: 'down'},
				},
				{kind: 'workload', atMs: 5000, forMs: 1000, label: 'rate 500', change: {rate: 500}},
			],
			expectations: [
				{name: 'wrongReads == 0', field: 'wrongReads', comparison: '==', limit: 0},
				{name: 'settleMs.p99<=50', field: 'settleMs.p99', comparison: '<=', limit: 50},
			],
		});
	});

	it('may have comments and trailing commas', () => {
		expect(readDrill(text().replace('{', '{ // mine\n').replace(/\}$/, ',}'), 'mine.json').name).toBe('mine');
	});

	it.each<[string, string, string[]]>([
		['nothing in it', '', ['1 : the file is empty']],
		['no JSON', '{\n  "name": }', ['2 : not JSON: value expected']],
		['an end that is missing', '{"name": "mine"', ['1 : not JSON: close brace expected']],
		['another kind of value', '[]', ['1 : must be object']],
		['a field that is missing', text({duration: undefined}), ['1 : "duration" is missing']],
		['a field that does not exist', text({color: 'red'}), ['36 : there is no field "color" here']],
		[
			'a time that is none',
			text({duration: 'soon'}),
			['4 duration: is neither a time such as 250, "250ms" or "1.5s" nor anything else that may stand here'],
		],
		['a time beyond all reason', text({duration: '25h'}), ['4 duration: is longer than an hour']],
		[
			'traffic of nothing',
			text({steps: [{at: 0, workload: {mix: {read: 0, write: 0, delete: 0}}}]}),
			['22 steps[0].workload.mix: is a mix of nothing: one share has to be above 0'],
		],
		[
			'a name with spaces',
			text({name: 'my drill'}),
			['2 name: may only have lower-case letters, digits and hyphens, at most 40'],
		],
		[
			'a fault that does not exist',
			text({steps: [{at: 0, fault: 'earthquake'}]}),
			[
				'21 steps[0].fault: No fault "earthquake"; there are refuse, reset, blackhole, stall, handshake, latency, bandwidth, slice, flaky, limit, error, kill, pause, restart, memory-full',
			],
		],
		[
			'a parameter out of range',
			text({steps: [{at: 0, fault: 'flaky 3'}]}),
			['21 steps[0].fault: flaky: probability is 3; it must be from 0 to 1'],
		],
		[
			'a step with two meanings',
			text({steps: [{at: 0, fault: 'refuse', workload: {rate: 1}}]}),
			['19 steps[0]: a step has either a fault or a change of the workload'],
		],
		[
			'a step with none',
			text({steps: [{at: 0}]}),
			['19 steps[0]: a step has either a fault or a change of the workload'],
		],
		[
			'a step after the end',
			text({steps: [{at: '11s', fault: 'refuse'}]}),
			['20 steps[0].at: comes after the end of the drill, which lasts 10000 ms'],
		],
		[
			'a step beyond the end',
			text({steps: [{at: '9s', fault: 'refuse', for: '2s'}]}),
			['22 steps[0].for: lasts beyond the end of the drill, at 10000 ms'],
		],
		[
			'a restart with a length',
			text({steps: [{at: 0, fault: 'restart', for: '2s'}]}),
			['22 steps[0].for: a restart is over when the server answers; it has no "for"'],
		],
		[
			'an expectation on nothing',
			text({expectations: ['wrongreads == 0']}),
			[expect.stringMatching(/^33 expectations\[0\]: the report has no "wrongreads"; it has /) as string],
		],
		[
			'an expectation with the wrong type',
			text({expectations: ['calls == "many"', 'drill > "x"']}),
			[
				'33 expectations[0]: "calls" is a number, and "many" is not',
				'34 expectations[1]: "drill" can only be compared with == and !=',
			],
		],
		[
			'an expectation without a comparison',
			text({expectations: ['wrongReads']}),
			['33 expectations[0]: is not of the form `field <= value`'],
		],
	])('with %s is refused with path and line', (_what, source, expected) => {
		expect(problemsOf(source)).toEqual(expected);
	});

	it('tells all that is wrong at once, in the order of its lines', () => {
		const problems = problemsOf(text({name: 'X', steps: [{at: 'never', fault: 5}], expectations: []}));
		expect(problems).toEqual([
			'2 name: may only have lower-case letters, digits and hyphens, at most 40',
			expect.stringMatching(/^20 steps\[0\]\.at: is neither a time/),
			'21 steps[0].fault: must be string',
			'24 expectations: must NOT have fewer than 1 items',
		]);
		expect(() => readDrill(text({name: 'X', expectations: []}), 'my.json')).toThrow(
			'my.json:2 name: may only have lower-case letters, digits and hyphens, at most 40 (and 1 more)',
		);
	});
});

describe('a drill file with many problems', () => {
	it('has a line for each of them, up to a bound', () => {
		const refusal = refusalOf(text({steps: Array.from({length: 30}, () => ({at: 0})), expectations: ['a == 1']}));
		const lines = refusal?.lines ?? [];
		expect(lines).toHaveLength(21);
		expect(lines[0]).toBe('mine.json:19 steps[0]: a step has either a fault or a change of the workload');
		expect(lines[1]).toBe('mine.json:22 steps[1]: a step has either a fault or a change of the workload');
		expect(lines[20]).toBe('mine.json: and 11 more');
		expect(refusal?.message).toBe(`${lines[0]} (and 30 more)`);
	});
});

describe('the drill in the README', () => {
	it('is one, and names the schema where the package has it', async () => {
		const root = new URL('../../', import.meta.url);
		const readme = await readFile(new URL('README.md', root), 'utf8');
		const source = /```json\n(\{\n\t"\$schema"[^`]*)```/.exec(readme)?.[1] ?? '';
		expect(problemsOf(source)).toEqual([]);
		expect(readDrill(source, 'readme').name).toBe('failover');
		const {$schema}: {$schema: string} = JSON.parse(source);
		const {name, exports}: {name: string; exports: Record<string, string>} = JSON.parse(
			await readFile(new URL('package.json', root), 'utf8'),
		);
		expect($schema).toBe(`./node_modules/${name}/${exports['./drill.schema.json']?.slice(2)}`);
	});
});

describe('the drills that come with the program', () => {
	it('are all valid, last 6 to 20 seconds, break something and expect the truth', async () => {
		const drills = await listDrills();
		expect(drills.length).toBeGreaterThanOrEqual(8);
		expect(drills[0]?.name).toBe('default');
		for (const {name, durationMs, steps, expectations} of drills) {
			expect(durationMs, name).toBeGreaterThanOrEqual(6000);
			expect(durationMs, name).toBeLessThanOrEqual(20_000);
			expect(steps.filter(({kind}) => kind === 'fault').length, name).toBeGreaterThan(0);
			const names = expectations.map((each) => each.name);
			expect(names, name).toEqual(expect.arrayContaining(['wrongReads == 0', 'hungCalls == 0', 'failedCalls == 0']));
			// Time to recover and to notice what came back wrong.
			const last = Math.max(...steps.map((step) => step.atMs + (step.forMs ?? 0)));
			expect(durationMs - last, name).toBeGreaterThanOrEqual(2000);
			expect((await loadDrill(name)).name).toBe(name);
		}
	});

	it('are found by name, and files by path; what is neither is told with the names', async () => {
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
			await writeFile(file, text());
			expect((await loadDrill(file)).name).toBe('mine');
		} finally {
			await rm(directory, {recursive: true});
		}
	});
});
