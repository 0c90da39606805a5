/**
 * Runs the functional tests of ioredis twice, on a Redis and on a tap in front of it, and compares the results test by
 * test. Not part of any other run: it needs a checkout of ioredis with its packages installed, and two minutes.
 *
 *     npm run build && npx tsx test/applications/ioredis-suite.ts ../ioredis
 *
 * The tests use port 6379, which must be free. In a network of its own it is, on Linux:
 *
 *     unshare --net --map-root-user sh -c 'ip link set lo up && npx tsx test/applications/ioredis-suite.ts ../ioredis'
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {startTap} from '../../source/tap/tap.js';
import {startRedisProcess} from '../support/redis-process.js';

type Test = {readonly fullTitle: string; readonly err: {readonly message?: string}};
type Results = {readonly tests: readonly Test[]; readonly pending: readonly Test[]; readonly failures: readonly Test[]};

/** The port that ioredis connects to by default, and so do its tests. */
const port = 6379;

/** Its own limit of eight seconds is short for a busy machine. */
const timeout = '120s';

const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error('give the path of a checkout of ioredis');
const directory = mkdtempSync(join(tmpdir(), 'rct-ioredis-suite-'));
try {
	const without = await runWithout(resolve(checkout));
	const {results, tapped} = await runThrough(resolve(checkout));
	say(`without the tap: ${counts(without)}`);
	say(`through the tap: ${counts(results)}; ${tapped}`);
	const differences = differencesOf(without, results);
	say(differences.length === 0 ? 'the same results' : ['different results:', ...differences].join('\n  '));
	process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
	rmSync(directory, {recursive: true});
}

async function runWithout(checkout: string): Promise<Results> {
	const redis = await startRedisProcess({port});
	try {
		return await runTests(checkout);
	} finally {
		await redis.close();
	}
}

/** `tapped` says what the tap has read meanwhile, so that nobody takes a run that went past it for a success. */
async function runThrough(checkout: string): Promise<{readonly results: Results; readonly tapped: string}> {
	const redis = await startRedisProcess();
	const target = {host: redis.host, port: redis.port};
	const unreadable: string[] = [];
	const onUnreadable = (reason: string) => unreadable.push(reason);
	const tap = await startTap({target, listen: {host: '127.0.0.1', port}, onUnreadable});
	try {
		const results = await runTests(checkout);
		const {commands, connections} = tap.snapshot();
		const counts = `${commands.total} commands on ${connections.opened} connections, ${unreadable.length} unreadable`;
		const tapped = [counts, ...unreadable].join('\n  ');
		return {results, tapped};
	} finally {
		await tap.close();
		await redis.close();
	}
}

async function runTests(checkout: string): Promise<Results> {
	const output = join(directory, 'results.json');
	const reporter = ['--reporter', 'json', '--reporter-option', `output=${output}`];
	const files = ['test/helpers/*.ts', 'test/functional/**/*.ts'];
	const mocha = ['node_modules/mocha/bin/mocha.js', '--no-experimental-strip-types', '--exit', '--timeout', timeout];
	const child = spawn(process.execPath, [...mocha, ...reporter, ...files], {
		cwd: checkout,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: {...process.env, TS_NODE_TRANSPILE_ONLY: 'true', NODE_ENV: 'test'},
	});
	await once(child, 'exit');
	return JSON.parse(readFileSync(output, 'utf8')) as Results;
}

function counts({tests, pending, failures}: Results): string {
	return `${tests.length} tests, ${pending.length} skipped, ${failures.length} failed`;
}

/** A line for each test that has another result, or ran only once. */
function differencesOf(before: Results, after: Results): readonly string[] {
	const [outcomesBefore, outcomesAfter] = [before, after].map(outcomesOf);
	const titles = new Set([...(outcomesBefore?.keys() ?? []), ...(outcomesAfter?.keys() ?? [])]);
	return [...titles].flatMap((title) => {
		const [first = 'not run', second = 'not run'] = [outcomesBefore?.get(title), outcomesAfter?.get(title)];
		return first === second ? [] : [`${title}: ${first}; through the tap: ${second}`];
	});
}

/** The outcome of each test by its title, with the number of tests of that title. */
function outcomesOf({tests, pending, failures}: Results): ReadonlyMap<string, string> {
	const failed = new Map(
		failures.map(({fullTitle, err}) => [fullTitle, `failed: ${err.message?.split('\n')[0] ?? ''}`]),
	);
	const skipped = new Set(pending.map(({fullTitle}) => fullTitle));
	const counted = new Map<string, number>();
	for (const {fullTitle} of tests) counted.set(fullTitle, (counted.get(fullTitle) ?? 0) + 1);
	// A hook that fails is no test.
	const titles = new Set([...counted.keys(), ...failed.keys()]);
	const outcomeOf = (title: string) => failed.get(title) ?? (skipped.has(title) ? 'skipped' : 'passed');
	return new Map([...titles].map((title) => [title, `${outcomeOf(title)} (${counted.get(title) ?? 0})`]));
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}
