/** The same port with some of its methods replaced. */
export function override<P extends object>(port: P, methods: Partial<P>): P {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof value === 'function' && !(name in methods) ? (value.bind(target) as unknown) : value;
    },
  });
}
