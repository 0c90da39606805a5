import type {ProxiedTopology} from './proxied-topology.js';

/** Addresses of the nodes that are masters at first. */
export function mastersOf({addresses}: ProxiedTopology): readonly string[] {
	return addresses.slice(0, 3);
}

/** The master that has the keys of a slot. */
export async function masterOf(cluster: ProxiedTopology, slot: string): Promise<string> {
	for (const address of mastersOf(cluster))
		if ((await cluster.ask(address, 'CLUSTER', 'COUNTKEYSINSLOT', slot)) !== 0) return address;
	throw new Error(`no master has keys in slot ${slot}`);
}

/** One of the keys that a master has. */
export async function keyOn(cluster: ProxiedTopology, address: string, keys: readonly string[]): Promise<string> {
	for (const key of keys) {
		const value = await cluster.ask(address, 'GET', key).catch(() => null);
		if (value !== null) return key;
	}
	throw new Error(`${address} has none of the keys`);
}

/** Everything that a node can be asked of the others. A replica says nothing of replicas. */
export async function questionsFor(cluster: ProxiedTopology, address: string): Promise<readonly (readonly string[])[]> {
	const role = await cluster.ask(address, 'ROLE');
	const isMaster = Array.isArray(role) && role[0] === 'master';
	const id = String(await cluster.ask(address, 'CLUSTER', 'MYID'));
	return [
		['CLUSTER', 'SLOTS'],
		['CLUSTER', 'SHARDS'],
		['CLUSTER', 'NODES'],
		...(isMaster ? [['CLUSTER', 'REPLICAS', id]] : []),
		['INFO', 'replication'],
		['ROLE'],
	];
}

/** Addresses that errors of a kind have told. */
export function addressesIn(text: string, kind: 'MOVED' | 'ASK'): readonly string[] {
	const errors = text.matchAll(/^-(MOVED|ASK) \d+ (\S+)/gm);
	return [...errors].flatMap(([, which, address]) => (which === kind && address !== undefined ? [address] : []));
}

/** Ports that a reply names. */
export function portsIn(text: string): readonly number[] {
	const ports = text.matchAll(/(?:127\.0\.0\.1(?::|\r\n:|\r\n\$\d+\r\n)|port(?:=|:|\r\n:))(\d+)/g);
	return [...ports].map(([, port]) => Number(port));
}
