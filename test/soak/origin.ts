import {rowKeys} from './rows.js';

/** The truth as a caller sees it: across a process border, each question takes a while. */
export type OriginAccess = {
	read(row: number): Promise<number>;
	/** Raises the versions of rows, before the cache is told. */
	change(rows: readonly number[]): Promise<readonly number[]>;
};

/** The truth: a version for each row. */
export class Origin implements OriginAccess {
	readonly #versions: number[] = rowKeys.map(() => 0);

	version(row: number): number {
		return this.#versions[row] ?? 0;
	}

	async read(row: number): Promise<number> {
		await new Promise((resolve) => setImmediate(resolve));
		return this.version(row);
	}

	async change(rows: readonly number[]): Promise<readonly number[]> {
		await new Promise((resolve) => setImmediate(resolve));
		return rows.map((row) => {
			const version = this.version(row) + 1;
			this.#versions[row] = version;
			return version;
		});
	}
}
