import {describe, expect, it} from 'vitest';
import {Application, seededRandom} from '../support/application.js';

/** Asks for a key, and loads and stores its value after a miss. */
const cacheAside = (client: ReturnType<Application['connect']>, key: string, ttl: string): void => {
	if (!client.get(key)) client.do(`SET ${key} value${ttl}`);
};

describe('no-ttl', () => {
	it('is found if values that were missed are set without a TTL', () => {
		const application = new Application();
		const client = application.connect();
		for (let user = 0; user < 60; user++) cacheAside(client, `user:${user}`, '');
		const finding = application.finding('no-ttl');
		expect(finding).toMatchObject({level: 'warning', keys: ['user:*']});
		expect(finding?.evidence).toBe('60 keys of user:* were set without a TTL and not deleted: 100 % of those written.');
	});

	it('is found if only a part of the sets has a TTL, and estimates large numbers', () => {
		const application = new Application();
		const client = application.connect();
		for (let item = 0; item < 2000; item++) client.do(`SET item:${item} value${item % 4 === 0 ? ' EX 60' : ''}`);
		const finding = application.finding('no-ttl');
		const [, count = ''] = /^About ([\d,]+) keys of item:\*/.exec(finding?.evidence ?? '') ?? [];
		expect(Number(count.replace(',', ''))).toBeGreaterThan(1000);
		expect(Number(count.replace(',', ''))).toBeLessThan(2000);
	});

	it('is found as a hint if a thousand keys are stored that nobody has missed', () => {
		const application = new Application();
		const client = application.connect();
		for (let item = 0; item < 1500; item++) client.do(`SET item:${item} value`);
		expect(application.finding('no-ttl')).toMatchObject({level: 'info'});
	});

	it('is not found for sessions that are deleted, settings, and keys that EXPIRE gives a TTL', () => {
		const application = new Application();
		const client = application.connect();
		for (let visitor = 0; visitor < 600; visitor++) {
			client.do(`SET session:${visitor} value`);
			client.get(`session:${visitor}`);
			if (visitor >= 100) client.do(`DEL session:${visitor - 100}`);
			cacheAside(client, `country:${visitor % 40}`, '');
			if (!client.get(`user:${visitor}`)) client.do(`SET user:${visitor} value`, `EXPIRE user:${visitor} 60`);
			cacheAside(client, `draft:${visitor}`, '');
			if (visitor >= 10) client.do(`DEL draft:${visitor - 10}`);
			client.do(`INCR visits:${visitor}`);
			client.do(`HSET profile:${visitor} name value`);
		}
		expect(application.ids()).not.toContain('no-ttl');
	});
});

describe('same-ttl', () => {
	const warmUp = (application: Application, ttl: (item: number) => number): void => {
		const client = application.connect();
		client.do(...Array.from({length: 200}, (_, item) => `SET item:${item} value EX ${ttl(item)}`));
	};

	it('is found if a batch of keys gets one TTL', () => {
		const application = new Application();
		warmUp(application, () => 3600);
		application.wait(1500);
		const finding = application.finding('same-ttl');
		expect(finding).toMatchObject({level: 'warning', keys: ['item:*']});
		expect(finding?.evidence).toBe('200 keys of item:* were set within 1 ms, all with a TTL of 60 min.');
	});

	it('is found if the values of one MGET are stored with one TTL, by SET and EXPIRE', () => {
		const application = new Application();
		const client = application.connect();
		const keys = Array.from({length: 150}, (_, item) => `item:${item}`);
		client.do(`MGET ${keys.join(' ')}`);
		client.do('MULTI');
		for (const key of keys) client.do(`SET ${key} value`, `EXPIRE ${key} 600`);
		application.wait(1500);
		expect(application.ids()).toContain('same-ttl');
	});

	it('is not found with jitter, nor for a batch that is renewed before it expires', () => {
		const application = new Application();
		const random = seededRandom(1);
		warmUp(application, () => 3600 + Math.floor(random() * 720));
		application.wait(1500);
		expect(application.ids()).not.toContain('same-ttl');
		const job = application.connect();
		for (let run = 0; run < 2; run++) {
			job.do(...Array.from({length: 200}, (_, rate) => `SET rate:${rate} value EX 60`));
			application.wait(30_000);
		}
		expect(application.ids()).not.toContain('same-ttl');
	});

	it('is not found for keys that are filled when they are asked for, or for a stream of sets', () => {
		const application = new Application();
		const client = application.connect();
		for (let item = 0; item < 300; item++) {
			client.get(`page:${item}`);
			client.get(`page:${item + 1000}`);
			client.do(`SET page:${item} value EX 600`, `SET page:${item + 1000} value EX 600`);
		}
		const many = Array.from({length: 150}, (_, post) => `post:${post}`);
		client.do(...many.map((key) => `GET ${key}`));
		client.do(...many.map((key) => `SET ${key} value EX 600`));
		application.wait(1500);
		const writer = application.connect();
		for (let event = 0; event < 3000; event++) {
			writer.do(`SET seen:${event} 1 EX 60`);
			application.wait(5);
		}
		expect(application.ids()).not.toContain('same-ttl');
	});
});

describe('hot-key', () => {
	const traffic = (reads: number, everyMs: number): Application => {
		const application = new Application();
		const client = application.connect();
		client.do('SET settings value EX 60');
		for (let read = 0; read < reads; read++) {
			client.get('settings');
			cacheAside(client, `user:${read % 700}`, ' EX 60');
			application.wait(everyMs);
		}
		return application;
	};

	it('is found if one key gets half of the reads, hundreds a second', () => {
		const finding = traffic(2000, 1).finding('hot-key');
		expect(finding).toMatchObject({level: 'info', keys: ['settings']});
		expect(finding?.evidence).toMatch(
			/^settings was read 2,000 times, about \d{3} a second: \d\d(\.\d)? % of all reads/,
		);
	});

	it('is not found if requests are few, or no key has more than a fifth of them', () => {
		expect(traffic(2000, 20).ids()).not.toContain('hot-key');
		const application = new Application();
		const client = application.connect();
		const random = seededRandom(2);
		for (let read = 0; read < 6000; read++) {
			const key = read % 5 === 0 ? 'settings' : `user:${Math.floor(100 * random())}`;
			cacheAside(client, key, ' EX 600');
		}
		expect(application.ids()).not.toContain('hot-key');
	});
});

describe('big-value', () => {
	it('is found if values of 100 KiB pass again and again, or some of 1 MiB', () => {
		const application = new Application();
		const client = application.connect();
		client.do(`SET report:1 ${'x'.repeat(150_000)} EX 60`);
		for (let read = 0; read < 10; read++) client.get('report:1');
		const finding = application.finding('big-value');
		expect(finding).toMatchObject({level: 'info', keys: ['report:1']});
		expect(finding?.evidence).toContain('Values of 100 KiB or more passed 11 times');
		client.do(`SET report:2 ${'x'.repeat(2_000_000)} EX 60`);
		client.get('report:2');
		expect(application.finding('big-value')).toMatchObject({level: 'warning', keys: ['report:2', 'report:1']});
		expect(JSON.stringify(application.found())).not.toContain('xxx');
	});

	it('is not found for an MGET of many small values, an exception, or the text of a script', () => {
		const application = new Application();
		const client = application.connect();
		const keys = Array.from({length: 200}, (_, part) => `part:${part}`);
		for (const key of keys) client.do(`SET ${key} ${'x'.repeat(2000)} EX 60`);
		for (let read = 0; read < 20; read++) client.do(`MGET ${keys.join(' ')}`);
		for (let read = 0; read < 20; read++) client.do(`EVAL ${'x'.repeat(200_000)} 1 user:1`);
		client.do(`SET report:1 ${'x'.repeat(150_000)} EX 60`);
		client.get('report:1');
		expect(application.ids()).not.toContain('big-value');
	});
});

describe('never-read', () => {
	const traffic = (application: Application, writes: number, everyMs: number, read: string | undefined): void => {
		const client = application.connect();
		for (let write = 0; write < writes; write++) {
			client.do(`SET audit:${write} value EX 60`);
			if (read !== undefined && write % 10 === 0) client.do(read);
			application.wait(everyMs);
		}
	};

	it('is found if keys of a pattern are set on and on, and none is read', () => {
		const application = new Application();
		traffic(application, 300, 100, 'GET user:1');
		const finding = application.finding('never-read');
		expect(finding).toMatchObject({level: 'info', keys: ['audit:*']});
		expect(finding?.evidence).toBe('audit:* was set 300 times and not read once through the tap.');
	});

	it.each([
		['a warm-up', 1000, 10, undefined],
		['a few keys', 100, 300, undefined],
		['keys that are read now and then', 300, 100, 'GET audit:7'],
		['keys that a script uses', 300, 100, 'EVALSHA abc 1 audit:7'],
		['keys that are found by a search', 300, 100, 'SCAN 0'],
		['locks', 300, 100, 'SET audit:7 me NX PX 1000'],
	])('is not found for %s', (_what, writes, everyMs, read) => {
		const application = new Application();
		traffic(application, writes, everyMs, read);
		expect(application.ids()).not.toContain('never-read');
	});
});

describe('low-hit-ratio', () => {
	const run = (application: Application, seconds: number, request: (at: number) => void): void => {
		for (let at = 0; at < seconds * 20; at++) {
			request(at);
			application.wait(50);
		}
	};

	it('is found if most reads miss and are filled, and it does not get better', () => {
		const application = new Application();
		const client = application.connect();
		run(application, 25, (at) => cacheAside(client, `search:${at % 3 === 0 ? 1 : at}`, ' EX 60'));
		const finding = application.finding('low-hit-ratio');
		expect(finding).toMatchObject({level: 'warning', keys: ['search:*']});
		expect(finding?.evidence).toMatch(/^Of \d{3} reads of search:\* in the last 15 s, 3\d % were hits\.$/);
	});

	it('is not found while the cache warms up, or in a short time', () => {
		const application = new Application();
		const client = application.connect();
		const random = seededRandom(3);
		run(application, 25, () => cacheAside(client, `user:${Math.floor(random() * 1200)}`, ' EX 600'));
		expect(application.ids()).not.toContain('low-hit-ratio');
		const short = new Application();
		const other = short.connect();
		run(short, 10, (at) => cacheAside(other, `user:${at}`, ' EX 600'));
		expect(short.ids()).not.toContain('low-hit-ratio');
	});

	it('is not found for locks, idempotency keys, quotas and lists of the blocked, which mostly miss', () => {
		const application = new Application();
		const client = application.connect();
		run(application, 25, (at) => {
			client.get(`ban:${at % 97}`);
			client.get(`lock:${at}`);
			client.do(`SET lock:${at} me NX PX 1000`);
			client.get(`request:${at}`);
			client.do(`SET request:${at} done NX EX 3600`);
			if (!client.get(`quota:${at}`)) client.do(`SET quota:${at} 0 EX 60`);
			client.do(`INCR quota:${at}`);
		});
		expect(application.ids()).toEqual([]);
	});
});

describe('repeated-miss', () => {
	const readAll = (application: Application, seconds: number, keys: readonly string[]): void => {
		const client = application.connect();
		for (let user = 0; user < 30; user++) cacheAside(client, `user:${user}`, ' EX 60');
		for (let second = 0; second < seconds; second++) {
			for (const key of keys) client.get(key);
			application.wait(1000);
		}
	};

	it('is found if keys of a cache are missed again and again and never set', () => {
		const application = new Application();
		readAll(application, 30, ['user:901', 'user:902', 'user:903', 'user:904']);
		const finding = application.finding('repeated-miss');
		expect(finding).toMatchObject({level: 'warning'});
		expect(finding?.keys).toHaveLength(4);
		expect(finding?.evidence).toContain('4 keys of user:* missed 120 times and never set; one of them 30 times.');
	});

	it('is not found while a client sends what it has queued in an outage, nor while the values are loaded', () => {
		const application = new Application();
		readAll(application, 1, []);
		const lost = application.connect();
		for (let user = 100; user < 120; user++) lost.get(`user:${user}`);
		application.wait(20_000);
		const client = application.connect();
		for (let part = 0; part < 10; part++) {
			const queued = Array.from({length: 60}, (_, index) => `GET user:${100 + (index % 20)}`);
			client.do(...queued);
			expect(application.ids()).not.toContain('repeated-miss');
		}
		for (let at = 0; at < 1500; at += 50) {
			for (let user = 100; user < 120; user++) client.get(`user:${user}`);
			application.wait(50);
			expect(application.ids()).not.toContain('repeated-miss');
		}
	});

	it('is not found for a flag that is asked for, for bans, or for a result that comes at last', () => {
		const application = new Application();
		readAll(application, 60, ['maintenance', 'ban:1', 'ban:2', 'ban:3', 'user:1']);
		const client = application.connect();
		for (let job = 0; job < 30; job++) {
			for (let poll = 0; poll < 20; poll++) {
				client.get(`result:${job}`);
				application.wait(50);
			}
			client.do(`SET result:${job} done EX 60`);
			client.get(`result:${job}`);
		}
		expect(application.ids()).not.toContain('repeated-miss');
	});
});
