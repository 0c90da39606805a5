/**
 * Appends an item. For arrays that mostly have one or two items: the first `push` to an empty array allocates 17 slots, this
 * function only as many as needed.
 *
 * @returns The same array, or a replacement.
 */
export function appended<T>(items: T[], item: T): T[] {
	if (items.length === 0) return [item];
	if (items.length === 1) return [items[0] as T, item];
	items.push(item);
	return items;
}
