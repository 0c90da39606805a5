/** True if any object in a value has an own key `__proto__`, as JSON.parse creates it. */
export function hasProtoKey(value: unknown): boolean {
	const seen = new Set<object>();
	const open: unknown[] = [value];
	for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
		if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || seen.has(next)) continue;
		seen.add(next);
		if (Object.hasOwn(next, '__proto__')) return true;
		if (next instanceof Map) open.push(...next.keys(), ...next.values());
		else if (next instanceof Set) open.push(...next);
		else open.push(...Object.values(next));
	}
	return false;
}
