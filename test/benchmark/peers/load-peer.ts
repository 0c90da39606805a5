import type {Peer} from './peer.js';

/** Imports a configuration and its library. */
export async function loadPeer(name: string): Promise<Peer> {
	const module = (await import(`./${name}.js`)) as {readonly peer: Peer};
	return module.peer;
}
