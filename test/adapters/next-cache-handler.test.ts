import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {
	type NextStoredEntry,
	type NextUseCacheEntry,
	nextCacheHandler,
	nextUseCacheHandler,
} from '../../source/adapters/next/next.js';
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

/** Age in seconds at which a page or data is made anew in the background, as Next.js works it out. */
const isStaleForNext = (entry: NextStoredEntry | null, revalidate: number | false | undefined): boolean =>
	entry !== null && typeof revalidate === 'number' && entry.lastModified + revalidate * 1000 < Date.now();

it.each([3, 128])('serves what is revalidated with a profile, one of %i, while it is made anew', async (count) => {
	const [one, two] = [instance(), instance()];
	const tags = Array.from({length: count}, (_, index) => `tag:${index}`);
	const headers = {'x-next-cache-tags': tags.join()};
	for (const revalidate of [3600, false] as const)
		await one().set(`page:${revalidate}`, {kind: 'APP_PAGE', headers}, {cacheControl: {revalidate, expire: 86_400}});
	await one().set('static', {kind: 'APP_PAGE', headers}, {cacheControl: {revalidate: false}});
	await one().set('data', {...fetched('a', tags), revalidate: 3600}, {tags});
	for (const each of [one, two]) {
		const page = await each().get('page:3600', {kind: 'APP_PAGE'});
		expect(isStaleForNext(page, page?.cacheControl?.revalidate)).toBe(false);
	}
	await two().revalidateTag(['tag:1'], {expire: 60});
	for (const each of [one, two]) {
		for (const key of ['page:3600', 'page:false', 'static']) {
			await until(async () => {
				const page = await each().get(key, {kind: 'APP_PAGE'});
				return isStaleForNext(page, page?.cacheControl?.revalidate);
			}, `${key} is stale`);
		}
		const data = await each().get('data', {kind: 'FETCH'});
		expect(isStaleForNext(data, 3600)).toBe(true);
		expect(isStaleForNext(await each().get('data', {kind: 'FETCH', revalidate: 7200}), 7200)).toBe(true);
	}
	await one().set('static', {kind: 'APP_PAGE', headers}, {cacheControl: {revalidate: false}});
	const renewed = {cacheControl: {revalidate: false}};
	expect(await two().get('static', {kind: 'APP_PAGE'})).toMatchObject(renewed);
	await two().revalidateTag(['tag:1'], {expire: 0});
	for (const key of ['page:3600', 'page:false', 'static']) expect(await two().get(key, {kind: 'APP_PAGE'})).toBeNull();
});

it('no longer serves what was revalidated with a profile once its time is up', async () => {
	const [one, two] = [instance(), instance()];
	for (const key of ['a', 'b']) await one().set(key, fetched(key, [key]), {tags: [key]});
	await one().revalidateTag('a', {expire: 0.001});
	await one().revalidateTag('b', {});
	await until(async () => (await two().get('a', {kind: 'FETCH'})) === null, 'a is gone');
	expect(await two().get('b', {kind: 'FETCH'})).not.toBeNull();
	await one().set('a', fetched('anew', ['a']), {tags: ['a']});
	expect(await two().get('a', {kind: 'FETCH'})).not.toBeNull();
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

/** An instance of the application, with a cache of its own. */
const useCacheInstance = () => {
	const handler = nextUseCacheHandler({url: fixture.redis.url, deadline: '5s'});
	onTestFinished(() => handler.cache.close());
	return handler;
};

const fields = {tags: ['prices'], stale: 30, expire: 3600, revalidate: 60};
const entryOf = (...parts: readonly string[]): NextUseCacheEntry => ({
	...fields,
	timestamp: Date.now(),
	value: new Blob([...parts]).stream() as NextUseCacheEntry['value'],
});
const textOf = async (entry: NextUseCacheEntry | undefined): Promise<string> => {
	let text = '';
	for await (const chunk of entry?.value ?? []) text += Buffer.from(chunk).toString();
	return text;
};

it('shares what `use cache` caches, and forgets it by its tags and by the tags of the page', async () => {
	const [one, two] = [useCacheInstance(), useCacheInstance()];
	const path = ['_N_T_/shop'];
	expect(await one.get('a', path)).toBeUndefined();
	for (const revalidated of ['prices', '_N_T_/shop']) {
		await one.set('a', Promise.resolve(entryOf('12', '34')));
		for (let times = 0; times < 2; times++) expect(await textOf(await two.get('a', path))).toBe('1234');
		const {value, ...known} = (await two.get('a', path)) as NextUseCacheEntry;
		await value.cancel();
		expect(known).toEqual({...fields, timestamp: expect.closeTo(Date.now(), -5)});
		await two.updateTags([revalidated]);
		expect(await two.get('a', path)).toBeUndefined();
		await until(async () => (await one.get('a', path)) === undefined, 'the other instance knows');
	}
	expect(await one.getExpiration(path)).toBe(Number.POSITIVE_INFINITY);
});

it('serves an entry of `use cache` that is revalidated with a profile, and has it created anew', async () => {
	const [one, two] = [useCacheInstance(), useCacheInstance()];
	const create = async () => {
		await one.set('a', Promise.resolve(entryOf('1')));
		const created = await two.get('a');
		await created?.value.cancel();
		return created?.revalidate;
	};
	expect(await create()).toBe(60);
	await one.updateTags(['prices'], {expire: 60});
	let stale: NextUseCacheEntry | undefined;
	await until(async () => {
		await stale?.value.cancel();
		stale = await two.get('a');
		return stale?.revalidate === -1;
	}, 'the other instance knows');
	expect(await textOf(stale)).toBe('1');
	expect(await create()).toBe(60);
	await two.updateTags(['prices'], {expire: 0});
	expect(await two.get('a')).toBeUndefined();
});

it.each([
	['its tag', 'prices', undefined],
	['its tag, with a profile,', 'prices', {expire: 60}],
	['the path of the page', '_N_T_/shop', undefined],
])('does not serve an entry of `use cache` if %s was revalidated while it was created', async (_, tag, durations) => {
	const [one, two] = [useCacheInstance(), useCacheInstance()];
	expect(await one.get('a', ['_N_T_/shop'])).toBeUndefined();
	const timestamp = Date.now();
	await until(() => Date.now() > timestamp + 50, 'it takes a while');
	await two.updateTags([tag], durations);
	await one.set('a', Promise.resolve({...entryOf('old'), timestamp}));
	for (const each of [one, two]) expect(await each.get('a', ['_N_T_/shop'])).toBeUndefined();
});

it('waits for an entry of `use cache` that is being written, and stores none whose stream fails', async () => {
	const one = useCacheInstance();
	let complete = (_: NextUseCacheEntry): void => {};
	const written = one.set('a', new Promise((resolve) => (complete = resolve)));
	const read = one.get('a');
	complete(entryOf('late'));
	expect(await textOf(await read)).toBe('late');
	await written;
	const value = new ReadableStream<Uint8Array>({start: (controller) => controller.error(new Error('broken'))});
	await one.set('b', Promise.resolve({...entryOf(), value}));
	expect(await one.get('b')).toBeUndefined();
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
