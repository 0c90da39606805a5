import {cpSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startFaultProxy, startRedis, type TestFaultProxy, type TestRedis} from '../../source/testing/testing.js';
import {until} from '../support/until.js';
import {type Installation, install} from './support/install.js';
import {type RunningApplication, start} from './support/start.js';

type Page = {readonly status: number; readonly name: string; readonly rendered: string; readonly ms: number};

async function open({url}: RunningApplication, id: number): Promise<Page> {
	const begin = performance.now();
	const response = await fetch(`${url}/users/${id}`, {signal: AbortSignal.timeout(20_000)});
	const html = await response.text();
	const [, name = '', rendered = ''] = /name=(\S+) rendered=([\d-]+)/.exec(html) ?? [];
	return {status: response.status, name, rendered, ms: performance.now() - begin};
}

const revalidate = async ({url}: RunningApplication, query: string): Promise<void> => {
	const {status} = await fetch(`${url}/revalidate?${query}`, {method: 'POST'});
	expect(status).toBe(204);
};

describe('a Next.js application with two instances', () => {
	let application: Installation;
	let origin: Server;
	let redis: TestRedis;
	let proxy: TestFaultProxy;
	let one: RunningApplication;
	let two: RunningApplication;
	const names = new Map<string, string>();
	let asked = 0;
	const stops: (() => unknown)[] = [];

	beforeAll(async () => {
		application = await install(['next@16', 'react@19', 'react-dom@19']);
		stops.push(() => application.remove());
		cpSync(fileURLToPath(new URL('next-application/', import.meta.url)), application.folder, {recursive: true});
		await application.run('node', 'node_modules/next/dist/bin/next', 'build');

		origin = createServer(({url = ''}, response) => {
			asked++;
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({name: names.get(url) ?? 'Ada'}));
		}).listen(0, '127.0.0.1');
		stops.push(() => origin.close());
		redis = await startRedis();
		stops.push(() => redis.close());
		proxy = await startFaultProxy(redis.url);
		stops.push(() => proxy.close());
		const env = {ORIGIN: `http://127.0.0.1:${(origin.address() as AddressInfo).port}`, REDIS_URL: proxy.url};
		const args = ['node_modules/next/dist/bin/next', 'start'];
		const path = '/users/0';
		[one, two] = await Promise.all([
			start({folder: application.folder, args, env, path}),
			start({folder: application.folder, args, env, path}),
		]);
		for (const instance of [one, two]) stops.push(() => instance.kill());
	});

	afterAll(async () => {
		for (const stop of stops.reverse()) await stop();
	});

	it('renders a page once for both', async () => {
		const first = await open(one, 1);
		expect(first).toMatchObject({status: 200, name: 'Ada'});
		// Next.js stores a page after it has answered.
		await until(async () => (await open(two, 1)).rendered === first.rendered, 'the other instance has the page');
		expect((await open(one, 1)).rendered).toBe(first.rendered);
	});

	it.for(['tag=user:2', 'path=/users/2'])('renders it again, in both, after %s was revalidated', async (query) => {
		const first = await open(one, 2);
		await until(async () => (await open(two, 2)).rendered === first.rendered, 'both have it');
		const other = await open(one, 3);
		names.set('/users/2', 'Grace');
		await revalidate(two, query);
		await until(async () => (await open(one, 2)).name === 'Grace', 'the one has the new name');
		await until(async () => (await open(two, 2)).name === 'Grace', 'the other has the new name');
		expect((await open(one, 3)).rendered).toBe(other.rendered);
		names.delete('/users/2');
		await revalidate(one, 'tag=users');
	});

	it('answers through an outage, and does not show what was revalidated in it', async () => {
		const before = await open(one, 4);
		await until(async () => (await open(two, 4)).rendered === before.rendered, 'both have it');
		for (const fault of ['blackhole', 'refuse']) {
			const lift = proxy.apply(fault);
			for (let index = 0; index < 10; index++) {
				const [mine, others] = await Promise.all([open(one, 4), open(two, 10 + index)]);
				expect([mine.status, others.status]).toEqual([200, 200]);
				expect(Math.max(mine.ms, others.ms)).toBeLessThan(10_000);
			}
			const name = `after-${fault}`;
			names.set('/users/4', name);
			await revalidate(one, 'tag=user:4');
			await until(async () => (await open(one, 4)).name === name, 'the instance that was told has the new name');
			lift();
			await until(async () => (await open(two, 4)).name === name, 'so has the other one', {timeoutMs: 10_000});
			for (const instance of [one, two]) expect((await open(instance, 4)).name).toBe(name);
		}
	});

	it('asks the origin for data once, though several pages want it', async () => {
		await open(one, 30);
		const before = asked;
		await until(async () => {
			await Promise.all([open(one, 30), open(two, 30)]);
			return asked === before;
		}, 'nothing is asked for');
	});
});
