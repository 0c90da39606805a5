import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {nextCacheHandler} from '../../source/adapters/next/next-cache-handler.js';
import {redisFixture} from '../support/cache-fixture.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

/** A folder as `next build` leaves it. */
function build(id: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-next-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	writeFileSync(join(folder, 'BUILD_ID'), id);
	mkdirSync(join(folder, 'server'));
	return join(folder, 'server');
}

/** An instance of the application, with a cache of its own. Next.js makes a handler for each request. */
const instance = (serverDistDir = build('one')) => {
	const Handler = nextCacheHandler({url: fixture.redis.url, deadline: '5s'});
	onTestFinished(() => Handler.cache.close());
	return () => new Handler({serverDistDir});
};

const fetched = (body: string, tags: readonly string[] = []) => ({kind: 'FETCH', data: {body}, tags});
const asFetch = {kind: 'FETCH', softTags: ['_N_T_/users/1']};

it('shares pages and data of all kinds with other instances', async () => {
	const [one, two] = [instance(), instance()];
	const page = {
		kind: 'APP_PAGE',
		html: '<p>',
		rscData: Buffer.from([0, 255]),
		segmentData: new Map([['/a', Buffer.from('a')]]),
		headers: {'x-next-cache-tags': 'users,_N_T_/users'},
	};
	const cacheControl = {revalidate: 60, expire: 3600};
	await one().set('/users', page, {cacheControl});
	await one().set('/nobody', null, {});
	expect(await two().get('/users', {kind: 'APP_PAGE'})).toEqual({
		value: page,
		lastModified: expect.closeTo(Date.now(), -5),
		cacheControl,
	});
	expect(await two().get('/nobody', {kind: 'APP_PAGE'})).toMatchObject({value: null});
	expect(await two().get('/else', {kind: 'APP_PAGE'})).toBeNull();
	const left = await fixture.raw.pttl('rct:default:page:one:/users');
	expect(left).toBeLessThanOrEqual(3_600_000);
	expect(left).toBeGreaterThan(3_500_000);
});

it('keeps pages apart by build, and shares data', async () => {
	const [old, next] = [instance(build('old')), instance(build('next'))];
	await old().set('/', {kind: 'PAGES'}, {});
	await old().set('data', fetched('a'), {});
	expect(await next().get('/', {kind: 'PAGES'})).toBeNull();
	expect(await next().get('data', {kind: 'FETCH'})).toMatchObject({value: {data: {body: 'a'}}});
});

it.each([3, 128])('removes what has a tag that is revalidated, one of %i', async (count) => {
	const [one, two] = [instance(), instance()];
	const tags = Array.from({length: count}, (_, index) => `tag:${index}`);
	await one().set('page', {kind: 'APP_ROUTE', headers: {'x-next-cache-tags': tags.join()}}, {});
	await one().set('data', fetched('a', tags), {tags});
	await one().set('other', fetched('b', ['unrelated']), {});
	expect(await two().get('data', {kind: 'FETCH'})).not.toBeNull();
	await two().revalidateTag(['tag:1', 'tag:2']);
	for (const [key, kind] of [
		['page', 'APP_ROUTE'],
		['data', 'FETCH'],
	] as const) {
		expect(await two().get(key, {kind})).toBeNull();
		await until(async () => (await one().get(key, {kind})) === null, 'the other instance knows');
	}
	expect(await one().get('other', {kind: 'FETCH'})).not.toBeNull();
});

it('does not serve data that was fetched before the path of the page was revalidated', async () => {
	const [one, two] = [instance(), instance()];
	expect(await one().get('data', asFetch)).toBeNull();
	await one().set('data', fetched('old'), {});
	expect(await one().get('data', asFetch)).toMatchObject({value: {data: {body: 'old'}}});
	expect(await two().get('data', asFetch)).toMatchObject({value: {data: {body: 'old'}}});
	await two().revalidateTag('_N_T_/users/1');
	expect(await two().get('data', asFetch)).toBeNull();
	await two().set('data', fetched('new'), {});
	expect(await two().get('data', asFetch)).toMatchObject({value: {data: {body: 'new'}}});
	await until(async () => {
		const entry = await one().get('data', asFetch);
		return JSON.stringify(entry).includes('new');
	}, 'the other instance has the new data');
});

it('takes any key', async () => {
	const one = instance();
	const key = `/search/${'x'.repeat(600)}\n`;
	await one().set(key, {kind: 'PAGES'}, {});
	expect(await one().get(key, {kind: 'PAGES'})).not.toBeNull();
});

it('does nothing while the application is built', async () => {
	process.env.NEXT_PHASE = 'phase-production-build';
	onTestFinished(() => {
		delete process.env.NEXT_PHASE;
	});
	const one = instance();
	await one().set('/', {kind: 'PAGES'}, {});
	await one().revalidateTag('users');
	expect(await one().get('/', {kind: 'PAGES'})).toBeNull();
	delete process.env.NEXT_PHASE;
	expect(await one().get('/', {kind: 'PAGES'})).toBeNull();
});
