/** Tells the service that a number was tapped: which place, and nothing else. */
export function installAppels(document: Document): void {
  document.addEventListener('click', (e) => {
    const lien = e.target instanceof Element ? e.target.closest<HTMLAnchorElement>('a[data-appel]') : null
    if (lien && navigator.sendBeacon) navigator.sendBeacon(lien.dataset.appel!, new URLSearchParams())
  })
}
