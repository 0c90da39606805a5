import {setTimeout} from 'node:timers/promises';
import {oneLine} from '../../../pool/one-line.js';
import {NodeSilentError} from './node-silent-error.js';
import type {MissingNode, ServerNode} from './read-node.js';

/** Milliseconds to wait for the other nodes after the first one has answered. */
const graceMs = 1000;

type Outcome<Answer> = {readonly answer: Answer} | {readonly error: unknown};

/** The answers of the nodes of a cluster, and the nodes that have not answered. */
type NodeAnswers<Answer> = {readonly answers: readonly Answer[]; readonly missing: readonly MissingNode[]};

/**
 * Sends the same question to all nodes in parallel, repeatedly. A silent node does not delay the others: its question
 * stays pending, and is not sent twice. A late answer counts for the next round.
 */
export class NodeQuestion<Answer> {
	readonly #ask: (node: ServerNode) => Promise<Answer>;
	readonly #underWay = new Map<string | undefined, Promise<Outcome<Answer>>>();
	/** Time of each node's last answer, or of its first question if there was none, in milliseconds of the monotonic clock. */
	readonly #answeredAt = new Map<string | undefined, number>();

	constructor(ask: (node: ServerNode) => Promise<Answer>) {
		this.#ask = ask;
	}

	/** If no node answers, rejects with the error of the first. */
	async ask(nodes: readonly ServerNode[]): Promise<NodeAnswers<Answer>> {
		const outcomes = new Map<ServerNode, Outcome<Answer>>();
		const questions = nodes.map((node) => this.#questionTo(node).then((outcome) => outcomes.set(node, outcome)));
		const firstAnswer = Promise.any(
			nodes.map((node) =>
				this.#questionTo(node).then((outcome) => 'answer' in outcome || Promise.reject(outcome.error)),
			),
		);
		const done = new AbortController();
		const grace = firstAnswer.then(() => setTimeout(graceMs, undefined, done));
		// If there is no answer, all of them have failed.
		await Promise.race([Promise.all(questions), grace.catch(() => Promise.all(questions))]);
		done.abort();
		this.#noteAnswers(nodes, outcomes);
		const silent = new Set(nodes.filter((node) => !outcomes.has(node)).map(({address}) => address));
		for (const address of this.#underWay.keys()) if (!silent.has(address)) this.#underWay.delete(address);
		const answers = nodes.flatMap((node) => {
			const outcome = outcomes.get(node);
			return outcome && 'answer' in outcome ? [outcome.answer] : [];
		});
		const [failure] = nodes.flatMap((node) => {
			const outcome = outcomes.get(node);
			return outcome && 'error' in outcome ? [outcome] : [];
		});
		if (answers.length === 0 && failure) throw failure.error;
		return {answers, missing: nodes.flatMap((node) => this.#missing(node, outcomes.get(node)))};
	}

	#noteAnswers(nodes: readonly ServerNode[], outcomes: ReadonlyMap<ServerNode, Outcome<Answer>>): void {
		const now = performance.now();
		const known = new Map(this.#answeredAt);
		this.#answeredAt.clear();
		for (const node of nodes) {
			const outcome = outcomes.get(node);
			const hasAnswered = outcome !== undefined && 'answer' in outcome;
			this.#answeredAt.set(node.address, hasAnswered ? now : (known.get(node.address) ?? now));
		}
	}

	#missing({address = ''}: ServerNode, outcome: Outcome<Answer> | undefined): readonly MissingNode[] {
		if (outcome && 'answer' in outcome) return [];
		const silentMs = performance.now() - (this.#answeredAt.get(address) ?? performance.now());
		if (outcome === undefined) return [{address, reason: 'no answer yet', silentMs, isUnreachable: false}];
		const {error} = outcome;
		return error instanceof NodeSilentError
			? [{address, reason: error.reason, silentMs, isUnreachable: !error.wasSent}]
			: [{address, reason: oneLine(error), silentMs, isUnreachable: false}];
	}

	#questionTo(node: ServerNode): Promise<Outcome<Answer>> {
		const known = this.#underWay.get(node.address);
		if (known) return known;
		const question = this.#ask(node).then(
			(answer) => ({answer}),
			(error: unknown) => ({error}),
		);
		this.#underWay.set(node.address, question);
		return question;
	}
}
