import type {Undo} from '../../faults/breakable-server.js';
import type {PrivateServer} from '../private-server.js';
import {ask, isMaster} from './ask.js';

/** Not the password of any server: those are longer. */
const wrongPassword = 'cut-off';

/** The user by which Sentinels log in to the servers that they watch. */
export const sentinelUser = 'sentinel';

/**
 * Stops the replication from a master to its replicas, or to one replica, by giving them a wrong password. They stay reachable
 * for the other servers, which may promote one of them.
 */
export async function cutOffReplicas(
	server: PrivateServer,
	servers: readonly PrivateServer[],
	password: string,
): Promise<Undo> {
	const replicas = (await isMaster(server)) ? await replicasOf(server, servers) : [server];
	if (replicas.length === 0) throw new Error(`the master on port ${server.port} has no replica that answers`);
	const setPassword = async (word: string) => {
		// A server that is down gets the right password when it is started again.
		const running = replicas.filter(({pid}) => pid !== undefined);
		await Promise.all(running.map((replica) => ask(replica, 'CONFIG', 'SET', 'masterauth', word)));
	};
	await setPassword(wrongPassword);
	const masters = servers.filter(({pid}) => pid !== undefined);
	// Closes the replication connections; replicas that are not cut off reconnect at once.
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
