import type {BentoCache} from 'bentocache';
import type {OpenPeer} from './peer.js';

/** A BentoCache with any stores behind the common interface. */
export function bentocachePeer(bento: BentoCache<never>): OpenPeer {
	return {
		get: (key) => bento.get({key}),
		getOrSet: (key, loader, ttl) => bento.getOrSet({key, factory: async () => loader(), ttl}),
		set: (key, value, ttl) => bento.set({key, value, ttl}),
		delete: (key) => bento.delete({key}),
		close: () => bento.disconnectAll(),
	};
}
