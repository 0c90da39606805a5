import {describe, expect, it} from 'vitest';
import {Application} from '../support/application.js';

const clients = (application: Application, count: number) => Array.from({length: count}, () => application.connect());

describe('stampede', () => {
	it('is found if several connections miss one key and all of them set it', () => {
		const application = new Application();
		const callers = clients(application, 5);
		for (const caller of callers) caller.get('page:1');
		application.wait(50);
		for (const caller of callers) caller.do('SET page:1 html EX 60');
		const finding = application.finding('stampede');
		expect(finding).toMatchObject({level: 'warning', keys: ['page:*']});
		expect(finding?.evidence).toContain('up to 5 at once, 4 needless loads');
	});

	it('is found if the callers of one process share a connection', () => {
		const application = new Application();
		const shared = application.connect();
		for (let caller = 0; caller < 20; caller++) shared.get('page:1');
		application.wait(50);
		for (let caller = 0; caller < 20; caller++) {
			shared.do('SET page:1 html EX 60');
			shared.get('page:1');
		}
		expect(application.finding('stampede')).toMatchObject({level: 'serious'});
	});

	it('is not found if one of the callers loads and the others wait', () => {
		const application = new Application();
		const callers = clients(application, 5);
		for (let round = 0; round < 20; round++) {
			for (const caller of callers) caller.get(`page:${round}`);
			for (const caller of callers) caller.do(`SET lock:page:${round} me NX PX 1000`);
			application.wait(50);
			callers[0]?.do(`SET page:${round} html EX 60`, `DEL lock:page:${round}`);
			for (const caller of callers) caller.get(`page:${round}`);
		}
		expect(application.ids()).not.toContain('stampede');
	});

	it('is not found if two callers meet by chance, or a feed sets a key that many had missed', () => {
		const application = new Application();
		const [one, other, ...readers] = clients(application, 8);
		for (let round = 0; round < 20; round++) {
			one?.get(`page:${round}`);
			other?.get(`page:${round}`);
			one?.do(`SET page:${round} html EX 60`);
			other?.do(`SET page:${round} html EX 60`);
		}
		for (const reader of readers) reader.get('price');
		for (let update = 0; update < 20; update++) one?.do('SET price 12 EX 60');
		for (const reader of readers) reader.do('INCR visits');
		const [third, fourth] = readers;
		for (const caller of [one, other, third, fourth]) caller?.get('rate');
		for (const caller of [one, other]) caller?.do('SET rate 7 EX 60');
		for (let update = 0; update < 20; update++) application.connect().do('SET rate 8 EX 60');
		for (const caller of [one, other, third, fourth]) caller?.get('online');
		for (const caller of [one, other, third, fourth]) caller?.do('HSET online name now');
		expect(application.ids()).not.toContain('stampede');
	});
});

describe('stale-fill', () => {
	const race = (application: Application, key: string, change = `DEL ${key}`): void => {
		const [reader, writer] = clients(application, 2);
		reader?.get(key);
		application.wait(20);
		writer?.do(change);
		application.wait(20);
		reader?.do(`SET ${key} old EX 60`);
	};

	it('is found if another connection deletes the key between the miss and the fill', () => {
		const application = new Application();
		race(application, 'user:1');
		const finding = application.finding('stale-fill');
		expect(finding).toMatchObject({level: 'warning', keys: ['user:1']});
		expect(finding?.evidence).toContain(
			'1 time, a connection missed a key, another connection deleted it, and then the first one set it',
		);
		race(application, 'user:2');
		race(application, 'user:3');
		expect(application.finding('stale-fill')?.level).toBe('serious');
	});

	it('is found if another connection, which has not missed the key, sets it in between', () => {
		const application = new Application();
		race(application, 'user:1', 'SET user:1 new EX 60');
		expect(application.ids()).toContain('stale-fill');
	});

	it('is not found if the change is older than the miss, newer than the fill, or of the same connection', () => {
		const application = new Application();
		const [reader, writer] = clients(application, 2);
		for (let user = 0; user < 20; user++) {
			const key = `user:${user}`;
			writer?.do(`DEL ${key}`);
			reader?.get(key);
			reader?.do(`SET ${key} new EX 60`);
			writer?.do(`DEL ${key}`);
			reader?.get(key);
			application.wait(1);
			reader?.do(`DEL ${key}`);
			application.wait(1);
			reader?.do(`SET ${key} new EX 60`);
		}
		expect(application.ids()).not.toContain('stale-fill');
	});

	it('is not found if the reader looks again after the change, or two callers fill the same miss', () => {
		const application = new Application();
		const [reader, writer] = clients(application, 2);
		for (let user = 0; user < 20; user++) {
			const key = `user:${user}`;
			reader?.get(key);
			writer?.do(`DEL ${key}`);
			reader?.get(key);
			reader?.do(`SET ${key} new EX 60`);
			reader?.get(`y${key}`);
			application.wait(1);
			writer?.do(`DEL y${key}`, `SET y${key} new EX 60`);
			application.wait(1);
			reader?.get(`y${key}`);
			reader?.do(`SET y${key} newer EX 60`);
			reader?.get(`x${key}`);
			writer?.get(`x${key}`);
			application.wait(1);
			writer?.do(`SET x${key} new EX 60`);
			reader?.do(`SET x${key} new EX 60`);
		}
		expect(application.ids()).not.toContain('stale-fill');
	});

	it('is not found if fills are protected by WATCH and MULTI, or stored by a script', () => {
		const application = new Application();
		const [reader, writer] = clients(application, 2);
		reader?.do('WATCH user:1');
		reader?.get('user:1');
		writer?.do('DEL user:1');
		reader?.do('MULTI');
		reader?.send('SET user:1 value EX 60');
		reader?.answer('+QUEUED\r\n');
		reader?.send('EXEC');
		reader?.answer('*1\r\n+OK\r\n');
		reader?.get('user:2');
		writer?.do('DEL user:2');
		reader?.do('EVALSHA 5d41402abc4b2a76b9719d911017c592a1b2c3d4 1 user:2 value');
		reader?.do('SET user:2 newer EX 60');
		expect(application.ids()).toEqual([]);
	});

	it('is not found for an application with a pool that updates keys by DEL and SET', () => {
		const application = new Application();
		const pool = clients(application, 3);
		for (let round = 0; round < 60; round++) {
			const key = `user:${round % 7}`;
			pool[round % 3]?.do(`DEL ${key}`);
			pool[(round + 1) % 3]?.do(`SET ${key} new EX 60`);
		}
		pool[0]?.get('user:99');
		pool[1]?.do('DEL user:99');
		pool[0]?.do('SET user:99 new EX 60');
		expect(application.ids()).not.toContain('stale-fill');
	});
});
