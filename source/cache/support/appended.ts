/**
 * The array with a further item. For arrays that mostly have one or two: an empty one takes room for 17 items with the first that is
 * pushed, and these get no more than they have.
 *
 * @returns The same array, or one in its place.
 */
export function appended<T>(items: T[], item: T): T[] {
	if (items.length === 0) return [item];
	if (items.length === 1) return [items[0] as T, item];
	items.push(item);
	return items;
}
