import {NotConnectedError} from '../../../pool/errors.js';
import type {Lane} from '../../../pool/types.js';
import {sampleClock} from '../../clock/sample-clock.js';
import {toError} from '../../support/to-error.js';
import type {CheckedServer} from '../rollback/known-servers.js';
import type {FailureDomain} from './failure-domain.js';
import {probeKeyOf} from './probe-key.js';
import {type ProbeParts, probeNode} from './probe-node.js';

/** The servers that have answered a probe and may come into use: nodes of a cluster, or the single server. */
export class AnsweringServers {
	readonly #parts: ProbeParts;
	readonly #domains: ReadonlyMap<string, FailureDomain>;

	/** @param domains By address. */
	constructor(parts: ProbeParts, domains: ReadonlyMap<string, FailureDomain>) {
		this.#parts = parts;
		this.#domains = domains;
	}

	/** All lanes to these servers. */
	get lanes(): readonly Lane[] {
		return this.#servers.flatMap(({lanes}) => lanes);
	}

	/** One lane to each of these servers. */
	get firstLanes(): readonly Lane[] {
		return this.#servers.flatMap(({lanes}) => lanes.slice(0, 1));
	}

	/** A key on one of these servers that is never written. */
	get probeKey(): string {
		const {pool, prefix} = this.#parts;
		const node = pool.nodes.find(({address}) => this.#domains.get(address)?.isAnswering === true);
		return probeKeyOf(pool, prefix, node);
	}

	/**
	 * Probes all nodes.
	 *
	 * @throws {RedisCacheError} none answers.
	 */
	async probe(): Promise<void> {
		const {pool, clocks} = this.#parts;
		const outcomes = await Promise.all(
			pool.nodes.map(async (node) => {
				const domain = this.#domains.get(node.address);
				return domain === undefined ? undefined : probeNode(this.#parts, node, domain);
			}),
		);
		if (this.#isAny) return;
		const failure = outcomes.find((outcome) => outcome !== undefined);
		if (failure !== undefined) throw failure;
		await Promise.all(pool.lanes.map((lane) => sampleClock(clocks, lane)));
		throw new NotConnectedError(`No node of ${pool.url} has slots`);
	}

	/**
	 * Checks each of these servers. A node whose check fails does not come into use.
	 *
	 * @throws {RedisCacheError} none is left.
	 */
	async check(check: (server: CheckedServer) => Promise<void>): Promise<void> {
		let failure: unknown;
		await Promise.all(
			this.#servers.map(async (server) => {
				const domain = this.#domains.get(server.address ?? '');
				try {
					await check(server);
					if (domain !== undefined) domain.isChecked = true;
				} catch (error) {
					failure = error;
					if (domain === undefined) return;
					domain.isAnswering = false;
					domain.problem = toError(error);
				}
			}),
		);
		const isAnyChecked = [...this.#domains.values()].some(({isAnswering, isChecked}) => isAnswering && isChecked);
		if (failure !== undefined && !isAnyChecked) throw failure;
	}

	get #servers(): readonly CheckedServer[] {
		const {pool} = this.#parts;
		if (pool.topology !== 'cluster') return [{address: undefined, lanes: pool.lanes}];
		return pool.nodes.filter(({address}) => this.#domains.get(address)?.isAnswering === true);
	}

	get #isAny(): boolean {
		return [...this.#domains.values()].some(({isAnswering}) => isAnswering);
	}
}
