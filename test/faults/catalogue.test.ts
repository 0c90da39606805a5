import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {faultCatalogue, faultKinds, isServerFault} from '../../source/faults/catalogue.js';
import type {ActiveFault, Fault, FaultKind} from '../../source/faults/fault.js';
import {RawConnection} from '../support/raw-connection.js';
import {bulk, request} from '../support/resp.js';
import {openSite, type Site} from '../support/test-site.js';
import {until} from '../support/until.js';

const ping = request('PING');
const pong = '+PONG\r\n';
const readOnly = "-READONLY You can't write against a read only replica.\r\n";

/** Connections before and after a fault, through the proxy or, for a fault of the server, straight to it. */
type Setting = {
	/** Opened, and used, before the fault. */
	readonly existing: RawConnection;
	/** Opens another connection. */
	fresh(): RawConnection;
	add(fault: Fault): Promise<ActiveFault>;
	lift(): Promise<void>;
};

const ended = (wire: RawConnection, how: string) => until(() => wire.ended() === how, how);
const opened = (wire: RawConnection) => until(() => !wire.socket.connecting, 'the connection to be accepted');
const answers = async (wire: RawConnection) => wire.ask(ping, pong);

async function timed(work: () => Promise<void>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** Expects no reply, for longer than a reply takes. */
async function isSilent(wire: RawConnection): Promise<void> {
	const before = wire.text();
	wire.send(ping);
	await new Promise((resolve) => setTimeout(resolve, 60));
	expect([wire.text(), wire.ended()]).toEqual([before, undefined]);
}

/** The effect of each fault on existing connections, on new ones, and on both when it is lifted. */
const effects: Readonly<Record<FaultKind, (setting: Setting) => Promise<void>>> = {
	async refuse({existing, fresh, add, lift}) {
		await add({kind: 'refuse'});
		await until(() => existing.ended() !== undefined, 'the existing connection to be closed');
		await ended(fresh(), 'ECONNREFUSED');
		await lift();
		await answers(fresh());
	},
	async reset({existing, fresh, add, lift}) {
		await add({kind: 'reset'});
		await ended(existing, 'ECONNRESET');
		await ended(fresh(), 'ECONNRESET');
		await lift();
		await answers(fresh());
	},
	async blackhole({existing, fresh, add, lift}) {
		await add({kind: 'blackhole'});
		const other = fresh();
		await isSilent(existing);
		await isSilent(other);
		await lift();
		await ended(existing, 'ECONNRESET');
		await ended(other, 'ECONNRESET');
		await answers(fresh());
	},
	async stall({existing, fresh, add, lift}) {
		await add({kind: 'stall'});
		const other = fresh();
		await isSilent(existing);
		await isSilent(other);
		await lift();
		await until(() => existing.text() === pong + pong && other.text() === pong, 'what was held');
		await answers(existing);
	},
	async handshake({existing, fresh, add, lift}) {
		await add({kind: 'handshake'});
		const other = fresh();
		await opened(other);
		await isSilent(other);
		await answers(existing);
		await lift();
		await ended(other, 'ECONNRESET');
		await answers(existing);
	},
	async latency({existing, fresh, add, lift}) {
		await add({kind: 'latency', delayMs: 60, direction: 'down'});
		expect(await timed(() => answers(existing))).toBeGreaterThan(58);
		expect(await timed(() => answers(fresh()))).toBeGreaterThan(58);
		await lift();
		await answers(existing);
	},
	async bandwidth({existing, fresh, add, lift}) {
		const text = 'x'.repeat(10_000);
		await add({kind: 'bandwidth', kbps: 100, direction: 'down'});
		for (const wire of [existing, fresh()])
			expect(await timed(() => wire.ask(request('ECHO', text), bulk(text)))).toBeGreaterThan(90);
		await lift();
		await answers(existing);
	},
	async slice({existing, fresh, add, lift}) {
		const text = 'y'.repeat(200);
		await add({kind: 'slice', bytes: 10, delayMs: 3, direction: 'down'});
		for (const wire of [existing, fresh()]) {
			wire.pieces.length = 0;
			await wire.ask(request('ECHO', text), bulk(text));
			expect(wire.pieces.length).toBeGreaterThan(8);
		}
		await lift();
		await answers(existing);
	},
	async flaky({existing, fresh, add, lift}) {
		await add({kind: 'flaky', probability: 1, everyMs: 20});
		await ended(existing, 'ECONNRESET');
		await ended(fresh(), 'ECONNRESET');
		await lift();
		await answers(fresh());
	},
	async limit({existing, fresh, add, lift}) {
		await add({kind: 'limit', bytes: 2 * pong.length + 3, direction: 'down'});
		for (const wire of [existing, fresh()]) {
			const before = wire.text();
			wire.send(ping + ping + ping);
			await ended(wire, 'end');
			expect(wire.text()).toBe(before + pong + pong + pong.slice(0, 3));
		}
		await lift();
		await answers(fresh());
	},
	async error({existing, fresh, add, lift}) {
		await add({kind: 'error', error: 'READONLY'});
		for (const wire of [existing, fresh()])
			await wire.ask(ping + request('SET', 'key', 'x') + request('GET', 'key'), pong + readOnly + bulk('value'));
		await lift();
		await existing.ask(request('SET', 'key', 'value'), '+OK\r\n');
	},
	async kill({existing, fresh, add, lift}) {
		await add({kind: 'kill'});
		await until(() => existing.ended() !== undefined, 'the existing connection to be closed');
		await ended(fresh(), 'ECONNREFUSED');
		await lift();
		await fresh().ask(request('GET', 'key'), '$-1\r\n');
	},
	async pause({existing, fresh, add, lift}) {
		await add({kind: 'pause'});
		const other = fresh();
		await opened(other);
		await isSilent(existing);
		await isSilent(other);
		await lift();
		await until(() => existing.text() === pong + pong && other.text() === pong, 'the late answers');
	},
	async restart({existing, fresh, add, lift}) {
		await add({kind: 'restart'});
		await until(() => existing.ended() !== undefined, 'the existing connection to be closed');
		await lift();
		await fresh().ask(request('GET', 'key'), '$-1\r\n');
	},
	async 'memory-full'({existing, fresh, add, lift}) {
		await add({kind: 'memory-full'});
		for (const wire of [existing, fresh()]) {
			await wire.ask(request('GET', 'key'), bulk('value'));
			await wire.ask(request('SET', 'key', 'x'), "-OOM command not allowed when used memory > 'maxmemory'.\r\n");
		}
		await lift();
		await existing.ask(request('SET', 'key', 'value'), '+OK\r\n');
	},
	// On a server whose clock can be set: server-clock.test.ts.
	async clock({existing, add}) {
		await expect(add({kind: 'clock', offsetMs: 250})).rejects.toThrow(/^clock needs a server whose clock can be set/);
		await answers(existing);
	},
	// On servers that have others: test/topologies/.
	async failover({existing, add}) {
		await expect(add({kind: 'failover'})).rejects.toThrow(
			/^failover needs a replica: .* --private cluster or --private/,
		);
		await answers(existing);
	},
	async lag({existing, add}) {
		await expect(add({kind: 'lag'})).rejects.toThrow(/^lag needs a replica: start the program with --private/);
		await answers(existing);
	},
	async split({existing, add}) {
		await expect(add({kind: 'split'})).rejects.toThrow(
			/^split needs Sentinels: start the program with --private sentinel$/,
		);
		await answers(existing);
	},
	async reshard({existing, add}) {
		await expect(add({kind: 'reshard'})).rejects.toThrow(/^reshard needs a cluster: .*--private cluster$/);
		await answers(existing);
	},
};

describe('every fault of the catalogue', () => {
	let site: Site;
	let clients: RawConnection[] = [];

	beforeAll(async () => {
		// The tests count the bytes of a connection, to which a password would add.
		site = await openSite({password: ''});
	});

	afterEach(async () => {
		for (const {socket} of clients) socket.destroy();
		clients = [];
		site.proxy.heal();
		await site.server.heal();
	});

	afterAll(() => site.close());

	it('has a test of its effect here', () => {
		expect(Object.keys(effects).sort()).toEqual([...faultKinds].sort());
	});

	it.each(faultCatalogue)('$kind: $summary', async ({kind, where}) => {
		const open = () => {
			const wire = new RawConnection(where === 'wire' ? site.proxy.port : site.redis.port);
			clients.push(wire);
			return wire;
		};
		const direct = new RawConnection(site.redis.port);
		clients.push(direct);
		await direct.ask(request('SET', 'key', 'value'), '+OK\r\n');
		const existing = open();
		await answers(existing);
		const active = () => [...site.proxy.active(), ...site.server.active()];
		await effects[kind]({
			existing,
			fresh: open,
			add: async (fault) => (isServerFault(fault) ? site.server.add(fault) : site.proxy.add(fault)),
			async lift() {
				if (kind === 'restart') await until(() => active().length === 0, 'the restart to be over');
				site.proxy.heal();
				await site.server.heal();
			},
		});
		expect(active()).toEqual([]);
	});
});
