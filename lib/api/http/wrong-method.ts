import { RequestError } from '../../domain/errors.ts';
import type { Route } from '../route.ts';

/** A path that has other methods: code `wrong-method`. The answer lists them in `Allow`. */
export class WrongMethod extends RequestError {
  override name = 'WrongMethod';
  readonly allow: string;

  constructor(allow: string) {
    super('wrong-method', `This path does not support this method: use ${allow}.`);
    this.allow = allow;
  }
}

/** The value of `Allow` for each path, those without parameters first: `/v1/deliveries/retry` is not a delivery. */
export function methodsByPath(routes: readonly Route[]): Map<string, string> {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  const paths = [...byPath.keys()].toSorted((a, b) => Number(isTemplate(a)) - Number(isTemplate(b)));
  return new Map(
    paths.map((path) => {
      const methods = (byPath.get(path) ?? []).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
      return [path, methods.join(', ')];
    }),
  );
}

function isTemplate(path: string): boolean {
  return path.includes('{');
}

/**
 * Refuses a request that a route of a path with a parameter got, although there is a path of just that name for other
 * methods: `GET /v1/events/batch` does not ask for the event `batch`.
 * @param allowed as {@link methodsByPath} answers it
 * @throws WrongMethod
 */
export function refuseTakenPath(route: Route, params: Record<string, string>, allowed: Map<string, string>): void {
  if (!isTemplate(route.path)) return;
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  // `{id}` as an id is no other path.
  const allow = isTemplate(path) ? undefined : allowed.get(path);
  if (allow !== undefined) throw new WrongMethod(allow);
}
