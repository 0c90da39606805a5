import {rowKeys} from './rows.js';

/** The source of truth as a caller reaches it, with a delay from other processes. */
export type OriginAccess = {
	read(row: number): Promise<number>;
	/** Raises the versions of rows, before the cache is changed. */
	change(rows: readonly number[]): Promise<readonly number[]>;
};

/** The source of truth: a version for each row. */
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
