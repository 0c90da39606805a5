import type {Undo} from '../../faults/breakable-server.js';
import type {PrivateServer} from '../private-server.js';
import {ask, isMaster} from './ask.js';

/** No password of a server: they are longer. */
const wrongPassword = 'cut-off';

/** The user by which Sentinels log in to the servers that they watch. */
export const sentinelUser = 'sentinel';

/**
 * Keeps the replicas of a master, or a replica, from getting what the master writes: they cannot log in to it. They stay in
 * sight of the others, which may make one of them the master.
 */
export async function cutOffReplicas(
	server: PrivateServer,
	servers: readonly PrivateServer[],
	password: string,
): Promise<Undo> {
	const replicas = (await isMaster(server)) ? await replicasOf(server, servers) : [server];
	if (replicas.length === 0) throw new Error(`the master on port ${server.port} has no replica that answers`);
	const setPassword = async (word: string) => {
		// One that is down has the right password when it is started again.
		const running = replicas.filter(({pid}) => pid !== undefined);
		await Promise.all(running.map((replica) => ask(replica, 'CONFIG', 'SET', 'masterauth', word)));
	};
	await setPassword(wrongPassword);
	const masters = servers.filter(({pid}) => pid !== undefined);
	// Other replicas open their connections again at once.
	await Promise.all(masters.map((master) => ask(master, 'CLIENT', 'KILL', 'TYPE', 'replica').catch(() => {})));
	return () => setPassword(password);
}

/** Cuts a master off from its Sentinels and its replicas. Its clients do not notice. */
export async function cutOffMaster(
	master: PrivateServer,
	servers: readonly PrivateServer[],
	password: string,
): Promise<Undo> {
	const rejoin = await cutOffReplicas(master, servers, password);
	await ask(master, 'ACL', 'SETUSER', sentinelUser, 'off');
	await ask(master, 'CLIENT', 'KILL', 'USER', sentinelUser);
	return async () => {
		if (master.pid !== undefined) await ask(master, 'ACL', 'SETUSER', sentinelUser, 'on');
		await rejoin();
	};
}

async function replicasOf({port}: PrivateServer, servers: readonly PrivateServer[]): Promise<readonly PrivateServer[]> {
	const running = servers.filter(({pid}) => pid !== undefined);
	const masterPorts = await Promise.all(running.map((server) => masterPortOf(server).catch(() => undefined)));
	return running.filter((_, index) => masterPorts[index] === port);
}

/** The port of the master that a server replicates; undefined for a master. */
async function masterPortOf(server: PrivateServer): Promise<number | undefined> {
	const role = await ask(server, 'ROLE');
	return Array.isArray(role) && role[0] === 'slave' ? Number(role[2]) : undefined;
}
