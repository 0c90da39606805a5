import {describe, expect, it} from 'vitest';
import {Application} from '../support/application.js';

/** Connects, is closed by the server at once, and waits before the next attempt. */
const attempt = (application: Application): void => {
	const client = application.connect();
	client.send('HELLO 3');
	client.close('server');
};

const connected = (application: Application, count: number) =>
	Array.from({length: count}, () => {
		const client = application.connect();
		client.get('user:1');
		return client;
	});

describe('retry-storm', () => {
	it('is not found for attempts that are spread over ticks that come late', () => {
		const application = new Application();
		connected(application, 1);
		for (let tick = 0; tick < 5; tick++) {
			for (let count = 0; count < 12; count++) attempt(application);
			application.standStill(3000);
		}
		expect(application.ids()).not.toContain('retry-storm');
	});

	it('is found if a client connects again and again without a pause', () => {
		const application = new Application();
		const [client] = connected(application, 1);
		application.wait(3000);
		client?.close('server');
		for (let at = 0; at < 5000; at += 20) {
			attempt(application);
			application.wait(20);
		}
		const finding = application.finding('retry-storm');
		expect(finding).toMatchObject({level: 'serious', keys: []});
		expect(finding?.evidence).toMatch(/^\d{3} attempts to connect failed, up to 50 a second, where 1 connection had/);
	});

	it('is found if a command is sent again at once after each error of a server that is not ready', () => {
		const application = new Application();
		const client = application.connect();
		for (let retry = 0; retry < 80; retry++) {
			client.send('SET user:1 value EX 60');
			application.wait(1);
			client.answer("-READONLY You can't write against a read only replica.\r\n");
		}
		expect(application.finding('retry-storm')?.evidence).toMatch(
			/^79 times, a command was sent again within 20 ms of an error \(READONLY\)\.$/,
		);
	});

	it.each([1, 50])('is not found for %i connections that wait longer before each attempt', (count) => {
		const application = new Application();
		const clients = connected(application, count);
		application.wait(3000);
		for (const client of clients) client.close('server');
		const start = application.now;
		const due = clients.map(() => ({at: start, attempts: 0}));
		while (application.now - start < 15_000) {
			for (const one of due) {
				if (one.at > application.now) continue;
				attempt(application);
				one.attempts++;
				one.at = application.now + Math.min(2000, 50 * one.attempts);
			}
			application.wait(10);
		}
		expect(application.ids()).not.toContain('retry-storm');
	});

	it('is not found for checks of a load balancer, errors of different commands, or short connections that work', () => {
		const application = new Application();
		const client = application.connect();
		for (let round = 0; round < 500; round++) {
			application.connect().close();
			const worker = application.connect();
			worker.get('user:1');
			worker.close();
			client.send(`SET user:${round} value EX 60`);
			application.wait(1);
			client.answer('-LOADING Redis is loading the dataset in memory\r\n');
			application.wait(10);
		}
		expect(application.ids()).not.toContain('retry-storm');
	});
});

describe('no-timeout', () => {
	it('is not found for replies that came, or connections that were given up, while the tap itself stood still', () => {
		const application = new Application();
		const waiting = application.connect();
		application.wait(2000);
		waiting.send('GET user:1');
		application.standStill(60_000);
		waiting.close();
		application.wait(5000);
		expect(application.ids()).not.toContain('no-timeout');
		const other = application.connect();
		other.send('GET user:1');
		application.standStill(60_000);
		application.wait(2000);
		expect(application.ids()).toContain('no-timeout');
	});

	it('is found if a connection waits for a reply and is not given up', () => {
		const application = new Application();
		const clients = connected(application, 3);
		for (const client of clients) client.send('GET user:1');
		application.wait(9000);
		const finding = application.finding('no-timeout');
		expect(finding).toMatchObject({level: 'serious', keys: []});
		expect(finding?.evidence).toMatch(/^3 connections waited for a reply for 6 s or more, up to \d s, and were not/);
	});

	it('is not found if they are closed after 5 s, or wait on purpose', () => {
		const application = new Application();
		const clients = connected(application, 3);
		for (const client of clients) client.send('GET user:1');
		application.wait(5000);
		for (const client of clients) client.close();
		const [worker, subscriber, monitor, idle] = connected(application, 4);
		worker?.send('BLPOP queue 0');
		subscriber?.send('SUBSCRIBE news');
		subscriber?.answer('*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n');
		monitor?.send('MONITOR');
		idle?.get('user:1');
		application.wait(60_000);
		expect(application.ids()).not.toContain('no-timeout');
	});
});
