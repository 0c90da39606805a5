import type {BreakableServer, TogetherFaults} from '../../faults/breakable-server.js';
import type {PrivateServer} from '../private-server.js';

/** One of several servers, as a target of faults. */
export function topologyServer(server: PrivateServer, together: TogetherFaults): BreakableServer {
	return {
		name: `${server.name} (port ${server.port})`,
		host: server.host,
		port: server.port,
		get url() {
			return server.url;
		},
		get pid() {
			return server.pid;
		},
		kill: () => server.kill(),
		restart: () => server.restart(),
		pause: () => server.pause(),
		resume: () => server.resume(),
		clockObstacle: server.clockObstacle,
		setClock: (offsetMs) => server.setClock(offsetMs),
		together,
	};
}
