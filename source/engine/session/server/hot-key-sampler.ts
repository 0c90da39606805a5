import {textOf} from '../../../inspect/sender.js';
import {ownAddresses} from '../../../inspect/server/clients/client-list.js';
import {hasHotKeys, sampleByHotKeys} from '../../../inspect/server/hot-keys/hotkeys-command.js';
import {
	type MonitorBounds,
	type OpenMonitor,
	sampleByMonitor,
} from '../../../inspect/server/hot-keys/monitor-sample.js';
import {NodeQuestion} from '../../../inspect/server/info/node-question.js';
import type {ServerNode} from '../../../inspect/server/info/read-node.js';
import {countedReport, monitorReport} from '../../../inspect/server/reports/hot-keys-report.js';
import {joinReports, type ServerReport} from '../../../inspect/server/reports/report.js';
import {RedisCacheError} from '../../../pool/errors.js';
import {formatBytes} from '../../../text/number.js';

/** No sample of keys can be taken now. Code `ERR_SAMPLE`. */
class SampleRefusedError extends RedisCacheError {
	override readonly name = 'SampleRefusedError';

	constructor(message: string) {
		super('ERR_SAMPLE', message);
	}
}

/** Longest duration of a sample in milliseconds, and its default. */
export const mostSampleMs = 2000;

/** Further limits of a sample. In a cluster, the masters share the limits of commands and bytes. */
const bounds: Omit<MonitorBounds, 'ms'> = {commands: 200_000, bytes: 32 * 1024 * 1024};

/**
 * Bytes a second from clients above which no sample is taken: MONITOR sends all of them again, and unread output fills the
 * memory of the server.
 */
const mostBytesIn = 20_000_000;

/** Milliseconds that a sample is shown. */
const keptMs = 600_000;

type HotKeySamplerOptions = {
	readonly nodes: () => Promise<readonly ServerNode[]>;
	/** @param address Of a node of a cluster. */
	readonly openMonitor: (address: string | undefined) => OpenMonitor;
	/** Bytes a second that the server gets from its clients. */
	readonly bytesIn: () => number;
};

/** Counts the uses of keys for a short time, and keeps the last result. */
export class HotKeySampler {
	readonly #options: HotKeySamplerOptions;
	#last: {readonly report: ServerReport; readonly at: number} | undefined;
	#connections = 0;
	#isRunning = false;

	constructor(options: HotKeySamplerOptions) {
		this.#options = options;
	}

	/** The last sample, while it is not too old. */
	get last(): ServerReport | undefined {
		return this.#last && Date.now() - this.#last.at < keptMs ? this.#last.report : undefined;
	}

	/** Connections of a running sample to each server. */
	get connections(): number {
		return this.#connections;
	}

	/** @throws {SampleRefusedError} A sample is being taken, or the traffic is too much for one. */
	async sample(ms: number): Promise<ServerReport> {
		if (this.#isRunning) throw new SampleRefusedError('keys are already being counted: that takes at most 2 s');
		this.#isRunning = true;
		try {
			const nodes = await this.#options.nodes();
			const question = new NodeQuestion(async (node: ServerNode) => ({
				address: node.address,
				...(await this.#sampleNode(node, ms, nodes.length)),
			}));
			const {answers, missing} = await question.ask(nodes);
			const report = joinReports(answers, missing);
			this.#last = {report, at: Date.now()};
			return report;
		} finally {
			this.#isRunning = false;
		}
	}

	async #sampleNode({address, sender}: ServerNode, ms: number, nodes: number): Promise<ServerReport> {
		if (await hasHotKeys(sender)) {
			const counted = await sampleByHotKeys(sender, ms);
			if (counted) return countedReport(counted);
		}
		const bytesIn = this.#options.bytesIn();
		if (bytesIn > mostBytesIn)
			throw new SampleRefusedError(
				`clients send ${formatBytes(bytesIn)}/s, and MONITOR would repeat all of it: above ${formatBytes(mostBytesIn)}/s keys are not counted`,
			);
		const own = await sender.send('CLIENT', ['LIST']).then(
			(list) => ownAddresses(textOf(list)),
			() => new Set<string>(),
		);
		this.#connections = 1;
		try {
			const share = {ms, commands: bounds.commands / nodes, bytes: bounds.bytes / nodes};
			const sample = await sampleByMonitor(this.#options.openMonitor(address), share, (source) => own.has(source));
			return monitorReport(sample, Date.now());
		} finally {
			this.#connections = 0;
		}
	}
}
