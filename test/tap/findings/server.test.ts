import {describe, expect, it} from 'vitest';
import {type ServerReading, serverReading} from '../../../source/tap/findings/server/server-reading.js';
import {Application, type Client} from '../support/application.js';

const gibibyte = 2 ** 30;
const healthy: ServerReading = {
	at: 0,
	maxMemory: gibibyte,
	maxMemoryPolicy: 'allkeys-lru',
	usedMemory: gibibyte / 2,
	systemMemory: 4 * gibibyte,
	evictedKeys: 0,
	keyspaceHits: 0,
	keyspaceMisses: 0,
};

describe('blocking-command', () => {
	/** Sends a command whose reply takes its time and has a number of bytes. */
	const slow = (application: Application, client: Client, command: string, ms: number, bytes = 0): void => {
		client.send(command);
		application.wait(ms);
		client.answer(bytes === 0 ? '*0\r\n' : `*1\r\n$${bytes}\r\n${'x'.repeat(bytes)}\r\n`);
		// A stall of the tap itself would be told now.
		application.wait(100);
	};

	it.each(['KEYS user:*', 'FLUSHALL', 'FLUSHDB'])('is found at the first %s', (command) => {
		const application = new Application();
		const client = application.connect();
		client.do('GET user:1');
		slow(application, client, command, 1);
		const [name = ''] = command.split(' ');
		const finding = application.finding('blocking-command');
		expect(finding?.level).toBe('info');
		expect(finding?.evidence).toContain(`${name} 1 time`);
		slow(application, client, command, 300);
		expect(application.finding('blocking-command')?.level).toBe('serious');
	});

	it('is found for big collections that are read as a whole, and for long scripts', () => {
		const application = new Application();
		const client = application.connect();
		for (let read = 0; read < 20; read++) client.get('user:1');
		for (let read = 0; read < 3; read++) slow(application, client, 'HGETALL carts:all', 3, 200_000);
		for (let call = 0; call < 2; call++) slow(application, client, 'EVAL text 1 stock:7', 80);
		const finding = application.finding('blocking-command');
		expect(finding).toMatchObject({level: 'warning', keys: ['carts:all', 'stock:*']});
		expect(finding?.evidence).toMatch(/^HGETALL 3 times, .* 195 KiB at once; EVAL 2 times, up to 79\.8 ms longer/);
	});

	it('is not found for small collections, short scripts, SCAN, monitoring and blocking reads', () => {
		const application = new Application();
		const client = application.connect();
		for (let round = 0; round < 50; round++) {
			slow(application, client, 'HGETALL cart:1', 0.2, 500);
			slow(application, client, 'EVALSHA abc 1 stock:7', 0.3);
			slow(application, client, 'SCAN 0 COUNT 1000', 1, 20_000);
			slow(application, client, 'INFO', 1, 5000);
			slow(application, client, 'BRPOP queue 5', 500);
		}
		expect(application.ids()).not.toContain('blocking-command');
	});

	it('is not found for scripts that are late because the tap itself was, or the whole machine', () => {
		const stalled = new Application();
		const client = stalled.connect();
		for (let read = 0; read < 20; read++) client.get('user:1');
		for (let call = 0; call < 5; call++) {
			client.send('EVAL text 1 stock:7');
			stalled.wait(80);
			client.answer('*0\r\n');
			stalled.findings.onStall(stalled.now - 70, stalled.now);
			stalled.wait(1000);
		}
		expect(stalled.ids()).not.toContain('blocking-command');
		// Each fifth command waits for the processor, whatever it is.
		const busy = new Application();
		const other = busy.connect();
		for (let round = 0; round < 200; round++) {
			slow(busy, other, 'GET user:1', round % 5 === 0 ? 90 : 0.2);
			slow(busy, other, 'EVALSHA abc 1 stock:7', round % 5 === 1 ? 110 : 0.3);
		}
		expect(busy.ids()).not.toContain('blocking-command');
		// Nothing says that the machine is not busy.
		const unknown = new Application();
		const only = unknown.connect();
		for (let call = 0; call < 3; call++) slow(unknown, only, 'EVAL text 1 stock:7', 80);
		expect(unknown.ids()).not.toContain('blocking-command');
	});

	it('is not found for scripts during which the server answered others, and is if it answered them only afterwards', () => {
		const found = (answersMeanwhile: boolean): boolean => {
			const application = new Application();
			const [client, other] = [application.connect(), application.connect()];
			for (let read = 0; read < 20; read++) other.get('user:1');
			for (let call = 0; call < 4; call++) {
				client.send('EVAL text 1 stock:7');
				application.wait(45);
				if (answersMeanwhile) other.get('user:1');
				else other.send('GET user:1');
				application.wait(45);
				client.answer('*0\r\n');
				if (!answersMeanwhile) other.answer('$-1\r\n');
				application.wait(1000);
			}
			return application.ids().includes('blocking-command');
		};
		expect([found(true), found(false)]).toEqual([false, true]);
	});

	it('believes the server, which has its own time of scripts', () => {
		const application = new Application();
		const client = application.connect();
		for (let read = 0; read < 20; read++) client.get('user:1');
		const scriptMs = (value: number): void =>
			application.findings.onServer({...healthy, at: application.now, scriptMs: value});
		scriptMs(1000);
		for (let call = 0; call < 3; call++) slow(application, client, 'EVAL text 1 stock:7', 80);
		expect(application.ids()).toContain('blocking-command');
		scriptMs(1001);
		expect(application.ids()).not.toContain('blocking-command');
		for (let call = 0; call < 3; call++) slow(application, client, 'EVAL text 1 stock:7', 80);
		scriptMs(1300);
		expect(application.finding('blocking-command')?.evidence).toContain('EVAL 3 times');
	});

	it('is not found for scripts on a slow network, or while a fault delays them', () => {
		const application = new Application();
		const client = application.connect();
		for (let round = 0; round < 50; round++) {
			slow(application, client, 'GET user:1', 100);
			slow(application, client, 'EVALSHA abc 1 stock:7', 105);
		}
		const faulty = new Application();
		const other = faulty.connect();
		const fault = {kind: 'latency', delayMs: 200} as const;
		faulty.setFaults([{id: 1, fault, since: 0, until: undefined, label: 'latency 200 ms'}]);
		for (let round = 0; round < 50; round++) slow(faulty, other, 'EVALSHA abc 1 stock:7', 200);
		expect([...application.ids(), ...faulty.ids()]).not.toContain('blocking-command');
	});
});

describe('server-settings', () => {
	const withFigures = (figures: Partial<ServerReading>, ...commands: string[]): Application => {
		const application = new Application();
		const client = application.connect();
		for (let user = 0; user < 60; user++) if (!client.get(`user:${user}`)) client.do(`SET user:${user} v EX 60`);
		for (const command of commands) client.do(command);
		application.findings.onServer({...healthy, at: application.now, ...figures});
		return application;
	};

	it('is found if a cache has no limit of memory, and serious if the machine is full', () => {
		const finding = withFigures({maxMemory: 0, maxMemoryPolicy: 'noeviction'}).finding('server-settings');
		expect(finding?.evidence).toBe('maxmemory is 0. The server uses 512 MiB of the 4 GiB of its machine.');
		expect(finding?.level).toBe('info');
		expect(withFigures({maxMemory: 0, usedMemory: 3.5 * gibibyte}).finding('server-settings')?.level).toBe('serious');
	});

	it('is found if a cache has noeviction, and serious if it refuses writes', () => {
		const application = withFigures({maxMemoryPolicy: 'noeviction'});
		expect(application.finding('server-settings')?.evidence).toContain('maxmemory-policy is noeviction');
		const client = application.connect();
		client.send('SET user:1 value EX 60');
		client.answer("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
		// The figures are a minute old at most: what was in use then says nothing of a server that is full now.
		expect(application.finding('server-settings')).toMatchObject({
			level: 'serious',
			evidence: 'maxmemory-policy is noeviction, and maxmemory 1 GiB. It refused 1 command (OOM).',
		});
	});

	it('is found if keys are evicted while reads miss', () => {
		const application = withFigures({});
		const later = {...healthy, at: 60_000, evictedKeys: 5000, keyspaceHits: 6000, keyspaceMisses: 4000};
		application.findings.onServer(later);
		const finding = application.finding('server-settings');
		expect(finding?.level).toBe('warning');
		expect(finding?.evidence).toContain('5,000 keys were evicted within 60 s, while 60 % of the reads');
	});

	it('is not found for a cache with a limit and LRU, whose evictions hurt nobody', () => {
		const application = withFigures({});
		application.findings.onServer({...healthy, at: 60_000, evictedKeys: 5000, keyspaceHits: 9500, keyspaceMisses: 500});
		expect(application.ids()).toEqual([]);
		// After a restart its counters begin anew.
		application.findings.onServer({
			...healthy,
			at: 120_000,
			evictedKeys: 6000,
			keyspaceHits: 10,
			keyspaceMisses: 20_000,
		});
		expect(application.ids()).toEqual([]);
	});

	it('is not found for a server with a queue, which must not evict, or with other data than a cache', () => {
		const figures = {maxMemory: 0, maxMemoryPolicy: 'noeviction'};
		expect(withFigures(figures, 'LPUSH queue job', 'BRPOP queue 5').ids()).toEqual([]);
		const store = new Application();
		const client = store.connect();
		for (let user = 0; user < 60; user++) client.do(`SET user:${user} value EX 60`);
		store.findings.onServer({...healthy, ...figures});
		expect(store.ids()).not.toContain('server-settings');
	});

	it('is found on the master of a cluster that has it most, and names the others by their number', () => {
		const application = withFigures({node: '10.0.0.7:6379', maxMemory: 0, usedMemory: 2 ** 20});
		const finding = () => application.finding('server-settings');
		application.findings.onServer({...healthy, node: '10.0.0.8:6379'});
		expect(finding()?.evidence).toMatch(/^On 10\.0\.0\.7:6379: maxmemory is 0\. .* of its machine\.$/);
		const full = {...healthy, maxMemory: 0, usedMemory: 3.5 * gibibyte};
		application.findings.onServer({...full, at: 1, node: '10.0.0.9:6379'});
		expect(finding()?.level).toBe('serious');
		expect(finding()?.evidence).toMatch(/^On 10\.0\.0\.9:6379: .* It is the same on 1 other master\.$/);
		// The counters of one are not those of another, and a master that is gone is forgotten.
		application.findings.onServer({...healthy, at: 200_000, evictedKeys: 5000, keyspaceMisses: 9000, node: 'a:1'});
		application.findings.onServer({...healthy, at: 200_000, node: '10.0.0.8:6379'});
		expect(finding()).toBeUndefined();
	});

	it('is read out of INFO, whole or not at all', () => {
		const info =
			'# Memory\r\nused_memory:1000\r\ntotal_system_memory:9000\r\nmaxmemory:2000\r\nmaxmemory_policy:noeviction\r\n' +
			'# Stats\r\nevicted_keys:3\r\nkeyspace_hits:4\r\nkeyspace_misses:5\r\n';
		expect(serverReading(info, 7)).toEqual({
			at: 7,
			maxMemory: 2000,
			maxMemoryPolicy: 'noeviction',
			usedMemory: 1000,
			systemMemory: 9000,
			evictedKeys: 3,
			keyspaceHits: 4,
			keyspaceMisses: 5,
		});
		const commands =
			'cmdstat_get:calls=9,usec=9000\r\ncmdstat_eval:calls=2,usec=1500\r\ncmdstat_fcall:calls=1,usec=500\r\n';
		expect(serverReading(info + commands, 7)?.scriptMs).toBe(2);
		expect(serverReading(info.replace('evicted_keys:3', ''), 7)).toBeUndefined();
		expect(serverReading('', 7)).toBeUndefined();
	});
});
