import {describe, expect, it} from 'vitest';
import {Application, type Client, seededRandom} from '../support/application.js';

describe('round-trips', () => {
	const loop = (client: Client, from: number, length: number): void => {
		for (let item = from; item < from + length; item++) client.get(`item:${item}`);
	};

	it('is found if a loop waits for each reply', () => {
		const application = new Application();
		const client = application.connect();
		for (let request = 0; request < 10; request++) {
			client.get('user:1');
			loop(client, 0, 12);
			application.wait(100);
		}
		const finding = application.finding('round-trips');
		expect(finding).toMatchObject({level: 'info', keys: ['item:*']});
		expect(finding?.evidence).toMatch(/^10 times, .*\(mostly GET, keys of item:\*\).*up to 12 in a row.*110 needless/);
	});

	it('is a warning if thousands could be saved', () => {
		const application = new Application();
		loop(application.connect(), 0, 2000);
		expect(application.finding('round-trips')?.level).toBe('warning');
	});

	it('is not found for pipelines, MGET, transactions, a poll, or commands that depend on each other', () => {
		const application = new Application();
		const [one, two, three, four, five] = Array.from({length: 5}, () => application.connect());
		const keys = Array.from({length: 20}, (_, item) => `item:${item}`);
		for (let request = 0; request < 50; request++) {
			one?.do(...keys.map((key) => `GET ${key}`));
			two?.do(`MGET ${keys.join(' ')}`);
			three?.do('MULTI');
			for (const key of keys) {
				three?.send(`GET ${key}`);
				application.wait(0.2);
				three?.answer('+QUEUED\r\n');
			}
			three?.send('EXEC');
			three?.answer(`*${keys.length}\r\n${'$-1\r\n'.repeat(keys.length)}`);
			for (let poll = 0; poll < 20; poll++) four?.get('item:1');
			for (const key of [`user:${request}`, `company:${request}`, `plan:${request}`]) five?.get(key);
		}
		expect(application.ids()).not.toContain('round-trips');
	});

	it.each([100, 1000, 5000])('is not found for %i independent reads a second on one connection', (perSecond) => {
		const application = new Application();
		const client = application.connect();
		const random = seededRandom(perSecond);
		const answersAt: number[] = [];
		const answerUntil = (time: number): void => {
			for (let at = answersAt[0]; at !== undefined && at <= time; at = answersAt[0]) {
				application.wait(Math.max(0, at - application.now));
				client.answer('$1\r\nv\r\n');
				answersAt.shift();
			}
		};
		for (let read = 0; read < 6000; read++) {
			const next = application.now - (Math.log(1 - random()) * 1000) / perSecond;
			answerUntil(next);
			application.wait(Math.max(0, next - application.now));
			client.send(`GET user:${read}`);
			answersAt.push(application.now + 0.2);
		}
		expect(application.ids()).not.toContain('round-trips');
	});
});

describe('connection-churn', () => {
	const requests = (application: Application, count: number, everyMs: number, ...commands: string[]): void => {
		for (let request = 0; request < count; request++) {
			const client = application.connect();
			client.do('HELLO 3');
			for (const command of commands) client.do(command);
			client.close();
			application.wait(everyMs);
		}
	};

	it('is found if connections are opened for a few commands and closed', () => {
		const application = new Application();
		requests(application, 30, 100, 'GET user:1', 'SET user:1 value EX 60');
		const finding = application.finding('connection-churn');
		expect(finding).toMatchObject({level: 'info', keys: []});
		expect(finding?.evidence).toMatch(
			/^30 connections were closed after 3 commands and 0\.66 ms on average, up to 30 /,
		);
	});

	it('is found if the application says QUIT and leaves it to the server to close', () => {
		const application = new Application();
		for (let request = 0; request < 30; request++) {
			const client = application.connect();
			client.do('GET user:1', 'QUIT');
			client.close('server');
		}
		expect(application.ids()).toContain('connection-churn');
	});

	it('is a warning at twenty a second', () => {
		const application = new Application();
		requests(application, 250, 20, 'GET user:1');
		expect(application.finding('connection-churn')?.level).toBe('warning');
	});

	it('is not found for health checks, a program each second, a pool, or an outage', () => {
		const application = new Application();
		requests(application, 100, 50, 'PING', 'INFO');
		requests(application, 30, 1000, 'GET user:1');
		const pool = Array.from({length: 50}, () => application.connect());
		for (const client of pool) for (let read = 0; read < 30; read++) client.get('user:1');
		for (const client of pool) client.close();
		for (let attempt = 0; attempt < 50; attempt++) {
			const client = application.connect();
			client.send('GET user:1');
			client.close('server');
		}
		expect(application.ids()).not.toContain('connection-churn');
	});
});
