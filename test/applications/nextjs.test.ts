import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {openSubject, tryCalls} from '../../source/drills/subject/open-subject.js';
import {parseSubject} from '../../source/drills/subject/subject-spec.js';
import {startRedisProcess} from '../support/redis-process.js';
import {CopiedExample} from './support/copied-example.js';

const example = new CopiedExample('subjects/nextjs.mjs');

it('the cache of Next.js is a subject that keeps, loads and deletes values, in at most thirty lines', async () => {
	const path = join(example.directory, 'example.mjs');
	expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThanOrEqual(31);
	const redis = await startRedisProcess();
	onTestFinished(() => redis.close());
	const [subject, other] = await Promise.all([1, 2].map(() => openSubject(parseSubject(path), redis.url)));
	if (subject === undefined || other === undefined) throw new Error('a subject is missing');
	onTestFinished(async () => expect([await subject.close(), await other.close()]).toEqual([undefined, undefined]));
	await tryCalls(subject, 'nextjs', 'checked', 60_000);
	await subject.set('product:1', {version: 1}, 60_000);
	expect(await other.get('product:1')).toEqual({version: 1});
	const load = () => ({version: 2});
	expect(await other.getOrSet('product:1', load, 60_000)).toEqual({version: 1});
	await other.delete('product:1');
	expect(await subject.get('product:1')).toBeUndefined();
	expect(await subject.getOrSet('product:1', load, 60_000)).toEqual({version: 2});
	expect(await other.get('product:1')).toEqual({version: 2});
});
