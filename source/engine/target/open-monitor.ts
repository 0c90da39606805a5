import {inspectorName} from '../../inspect/server/clients/own-clients.js';
import type {OpenMonitor} from '../../inspect/server/hot-keys/monitor-sample.js';
import {createTopology} from '../../pool/topology.js';
import type {Target} from './target.js';

/** Opens connections for MONITOR, which reply to nothing else. ioredis logs in, and then leaves the socket alone. */
export function monitorOpener(url: string, {tls, answerMs}: Pick<Target, 'tls' | 'answerMs'>): OpenMonitor {
	const topology = createTopology(url, {connectMs: answerMs, tls, clientName: inspectorName});
	return ({onData, onDown}) => {
		const connection = topology.openSubscriber({
			onReady() {
				const {stream} = connection.client;
				// The parser of ioredis would assemble every value that it receives.
				stream.removeAllListeners('data');
				stream.on('data', onData);
				stream.write('MONITOR\r\n');
			},
			onDown,
		});
		return {close: () => connection.destroy('the sample is over')};
	};
}
