import {describe, expect, it} from 'vitest';
import type {ServerReading} from '../../../source/tap/findings/server/server-reading.js';
import {Application, type Client, seededRandom} from '../support/application.js';

const random = seededRandom(7);

const figures: ServerReading = {
	at: 0,
	maxMemory: 2 ** 30,
	maxMemoryPolicy: 'noeviction',
	usedMemory: 2 ** 20,
	systemMemory: 2 ** 33,
	evictedKeys: 0,
	keyspaceHits: 0,
	keyspaceMisses: 0,
};

const jittered = (seconds: number): number => Math.round(seconds * (0.9 + 0.2 * random()));

/** One request of a web application: session, rate limit, a cached user and page, sometimes a change, a lock or a job. */
const request = (client: Client, number: number): void => {
	const visitor = Math.floor(400 ** random());
	client.do(`INCR rate:${visitor % 50}`);
	if (number % 7 === 0) client.do(`EXPIRE rate:${visitor % 50} 60`);
	if (!client.get(`session:${visitor}`)) client.do(`SET session:${visitor} state EX 1800`);
	const user = `user:${visitor}`;
	if (!client.get(user)) client.do(`SET ${user} value EX ${jittered(300)}`);
	if (number % 3 === 0) client.do(`MGET item:1 item:2 item:${number % 40}`);
	if (number % 3 === 1 && !client.get(`item:${number % 40}`))
		client.do(`SET item:${number % 40} value EX ${jittered(600)}`);
	if (number % 20 === 0) client.do(`DEL ${user}`);
	if (number % 25 === 0) {
		client.do(`SET lock:${number} owner NX PX 5000`);
		client.do(`EVALSHA 5d41402abc4b2a76b9719d911017c592a1b2c3d4 1 lock:${number} owner`);
	}
	if (number % 10 === 0) client.do('LPUSH queue:mail job', `PUBLISH news:${visitor} text`);
	if (number % 50 === 0) client.do(`DEL session:${visitor}`);
};

/** Jobs are fetched by a connection that waits, and a program looks at the server every few seconds. */
const background = (application: Application, worker: Client): void => {
	worker.do('BRPOP queue:mail 5');
	const monitor = application.connect();
	monitor.do('PING', 'INFO');
	monitor.close();
	application.findings.onServer({...figures, at: application.now});
};

describe('a healthy application', () => {
	it.each([
		['one connection', 1, 40],
		['a pool of connections', 10, 10],
	])('with %s raises no finding', (_name, count, everyMs) => {
		const application = new Application();
		const pool = Array.from({length: count}, () => application.connect());
		const worker = application.connect();
		const subscriber = application.connect();
		subscriber.send('SUBSCRIBE news');
		subscriber.answer('*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n');
		for (let number = 1; number < 2000; number++) {
			const client = pool[number % count];
			if (client !== undefined) request(client, number);
			if (number % 50 === 0) background(application, worker);
			application.wait(random() * 2 * everyMs);
		}
		application.wait(5000);
		expect(application.found()).toEqual([]);
	});

	it('raises none in its first seconds, with an empty cache', () => {
		const application = new Application();
		const client = application.connect();
		for (let number = 1; number < 200; number++) {
			request(client, number);
			application.wait(10);
			expect(application.found()).toEqual([]);
		}
	});
});
