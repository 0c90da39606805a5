import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import {tryCalls} from '../../../source/drills/subject/open-subject.js';
import {openSubjectProcess} from '../../../source/drills/subject/process/subject-process.js';
import type {OpenedSubject, SubjectEnd} from '../../../source/drills/subject/subject.js';

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
});

afterAll(() => rmSync(directory, {recursive: true}));

let files = 0;

/** Opens a module with this code. It is closed when the test is over. */
async function open(
	code: string,
	{onTestFinished}: Pick<TestContext, 'onTestFinished'>,
	{extension = 'mjs', openMs = 10_000, closeMs = 2000} = {},
): Promise<OpenedSubject> {
	files++;
	const path = join(directory, `subject-${files}.${extension}`);
	writeFileSync(path, code);
	const subject = await openSubjectProcess({name: './cache.mjs', path, url: 'redis://127.0.0.1:1', openMs, closeMs});
	onTestFinished(async () => void (await subject.close()));
	return subject;
}

const map = `const map = new Map();
	const get = (key) => map.get(key);
	const set = (key, value) => void map.set(key, value);
	const remove = (key) => map.delete(key);`;

describe.concurrent('a subject in a process of its own', () => {
	it('gets, sets, deletes, and loads over the channel to the drill', async (context) => {
		const subject = await open(
			`${map}
			export async function open({url, signal}) {
				set('opened with', [url, signal.aborted]);
				const getOrSet = async (key, load, {ttl}) => get(key) ?? [await load(), ttl];
				return {get, set, delete: remove, getOrSet};
			}`,
			context,
		);
		expect(await subject.get('opened with')).toEqual(['redis://127.0.0.1:1', false]);
		expect(await subject.set('a', {version: 1}, 1000)).toBeUndefined();
		expect(await subject.get('a')).toEqual({version: 1});
		expect(await subject.delete('a')).toBeUndefined();
		expect(await subject.get('a')).toBeUndefined();
		expect(subject.canLoad).toBe(true);
		expect(await subject.getOrSet('b', () => Promise.resolve({version: 2}), 500)).toEqual([{version: 2}, 500]);
		expect(await subject.close()).toBeUndefined();
	});

	it.for([
		['a default export', 'mjs', `${map} export default () => ({get, set, delete: remove});`],
		['a CommonJS module', 'cjs', `${map} module.exports = {open: () => ({get, set, delete: remove})};`],
	])('may be %s', async ([, extension = '', code = ''], context) => {
		const subject = await open(code, context, {extension});
		expect(subject.canLoad).toBe(false);
		await tryCalls(subject, './cache.mjs', 'key', 1000);
	});

	it.for([
		["it cannot be opened: Unexpected identifier 'is' (run it with node to see the line)", 'this is no JavaScript'],
		['it cannot be opened: it exports no open(): export a function open({url, signal})', 'export const cache = 5;'],
		['it cannot be opened: no license', 'export const open = () => { throw new Error("no license"); };'],
		['it cannot be opened: its open() resolves with undefined', 'export const open = async () => {};'],
		['it cannot be opened: the result of its open() has no set, no delete', 'export const open = () => ({get() {}});'],
		['it ended with exit code 5 before it was open', 'export const open = () => process.exit(5);'],
		['it was ended by SIGKILL before it was open', 'process.kill(process.pid, "SIGKILL");'],
		[
			'it ended because of an error that nothing caught: late before it was open',
			'export const open = () => new Promise(() => { setTimeout(() => { throw new Error("late"); }); });',
		],
	])('is refused in one line: %s', async ([message = '', code = ''], context) => {
		await expect(open(code, context)).rejects.toMatchObject({
			code: 'ERR_SUBJECT',
			message: expect.stringMatching(
				new RegExp(`^subject \\./cache\\.mjs: ${message.replaceAll(/[()[\]{}.?]/g, '\\$&')}[^\n]*$`),
			),
		});
	});

	it.for(['await new Promise(() => {});', 'for (;;);'])(
		'is ended if it does not open in time: %s',
		async (wait, context) => {
			const code = `export async function open() { ${wait} }`;
			await expect(open(code, context, {openMs: 600})).rejects.toThrow('it did not open within 0.6 s');
		},
	);

	it.for([
		['set failed while Redis was reachable: full', '{get, set() { throw new Error("full"); }, delete: remove}'],
		['get returned a string after set of an object', '{get: () => "text", set, delete: remove}'],
		['get returned a string after set of an object', '{get: () => 5n, set, delete: remove}'],
		[
			'getOrSet returned nothing, which is neither the value set nor the value loaded',
			'{get, set, delete: remove, getOrSet() {}}',
		],
	])('whose calls are no cache is told so: %s', async ([message = '', subject = ''], context) => {
		const opened = await open(`${map} export const open = () => (${subject});`, context);
		await expect(tryCalls(opened, './cache.mjs', 'key', 1000)).rejects.toThrow(`subject ./cache.mjs: ${message}`);
	});

	it.for([
		['exit', 'ended with exit code 7', 'process.exit(7)'],
		['error', 'ended because of an error that nothing caught: no Redis', 'throw new Error("no Redis")'],
		['error', 'ended because of a rejection that nothing handled: no Redis', 'Promise.reject(new Error("no Redis"))'],
	])('that ends during a drill says why, and its calls fail: %s, %s', async ([cause, message, code], context) => {
		const subject = await open(
			`${map} export const open = () => ({get() { setTimeout(() => { ${code} }); return new Promise(() => {}); }, set, delete: remove});`,
			context,
		);
		const ends: SubjectEnd[] = [];
		subject.onEnded((end) => ends.push(end));
		await expect(subject.get('a')).rejects.toThrow(`it ${message}`);
		expect(ends).toEqual([{cause, message}]);
		await expect(subject.set('a', 1, 1000)).rejects.toThrow(`it ${message}`);
	});

	it.for([
		['it did not close within 0.3 s', 'close: () => new Promise(() => {})'],
		['it did not close within 0.3 s', 'close() { for (;;); }'],
		['its close() failed: still busy', 'close() { throw new Error("still busy"); }'],
	])('says what went wrong when it closes: %s', async ([message = '', close = ''], context) => {
		const code = `${map} export const open = () => ({get, set, delete: remove, ${close}});`;
		const subject = await open(code, context, {closeMs: 300});
		expect(await subject.close()).toBe(message);
	});
});
