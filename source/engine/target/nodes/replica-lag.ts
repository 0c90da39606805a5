import type {NodeReading} from '../../../inspect/server/info/read-node.js';

/**
 * The bytes that each replica does not have yet of what its master has written, by the address of the replica, from the
 * INFO of masters. A replica that is not connected to its master is left out.
 */
export function lagsOf(readings: readonly Pick<NodeReading, 'info'>[]): ReadonlyMap<string, number> {
	return new Map(
		readings.flatMap(({info: {replication = {}}}) => {
			const written = Number(replication.master_repl_offset);
			return Object.entries(replication).flatMap(([name, value]): [string, number][] => {
				// slave0:ip=10.0.0.8,port=6379,state=online,offset=1234,lag=0
				const [, host, port, state, offset] =
					(/^slave\d+$/.test(name) && /^ip=(.*),port=(\d+),state=(\w+),offset=(\d+)/.exec(value)) || [];
				if (state !== 'online' || Number.isNaN(written)) return [];
				return [[`${host}:${port}`, Math.max(0, written - Number(offset))]];
			});
		}),
	);
}
