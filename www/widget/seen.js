// Tells when elements come near what is seen: until then nothing is loaded for them.

/** How near, so that most are ready when they arrive. */
const MARGIN = "200px";
const waiting = new WeakMap();
let observer;

/** Calls `then` once `element` is near what is seen; the result takes that back. */
export function onceSeen(element, then) {
  observer ??= new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      waiting.get(target)?.();
    }
  }, { rootMargin: MARGIN });
  waiting.set(element, then);
  observer.observe(element);
  return () => {
    observer.unobserve(element);
    waiting.delete(element);
  };
}
