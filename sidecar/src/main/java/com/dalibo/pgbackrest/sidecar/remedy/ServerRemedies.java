package com.dalibo.pgbackrest.sidecar.remedy;

/// Of servers that are not reached, do not answer, or answer as no store does.
final class ServerRemedies {
  static final Remedy TOO_LARGE =
      new Remedy(
          "HTTP request failed with 413",
          "what stands before the store limits the size of a request: raise that limit (ingress-nginx: proxy-body-size), or set a"
              + " smaller 'uploadChunkSize' in the Stanza");

  static final Remedy OTHER_SERVER =
      new Remedy(
          "outside of section at line \\d+: <[!?a-zA-Z]|invalid xml in|last modified missing"
              + "|HTTP response '[^']*' has invalid|HTTP request failed with (?:30[1-8]|405|407)|\\[(?:501|505|511)\\] "
              + "|answer in HTML",
          "what answers there is not the store, but for example a proxy, an ingress, a console or a login page: correct"
              + " 'endpoint' and port in the Stanza, or let what stands before the store pass these requests");

  static final Remedy STORE_BUSY =
      new Remedy(
          "\\[(?:429|503)\\] |(?i:rate limit exceeded|exceeds the rate limit|quota exceeded for quota metric)",
          "the store, or a proxy before it, is overloaded or limits requests: see that it runs; if the error stays, set a"
              + " smaller 'processMax' in the Stanza, or have the limit raised");

  static final Remedy STORE_FAILS =
      new Remedy(
          "\\[5\\d\\d\\] |HTTP request failed with 5\\d\\d",
          "the store, or a proxy before it, fails: look at its state and its log");

  static final Remedy UNKNOWN_HOST =
      new Remedy(
          "unable to get address for",
          "the host name cannot be resolved: correct 'endpoint' in the Stanza, or check that the store and DNS are running");

  static final Remedy UNREACHABLE =
      new Remedy(
          "unable to connect to|timeout connecting to",
          "check that the store is running and accepts connections from this pod (network policies, firewalls), or correct its"
              + " host or port in the Stanza");

  static final Remedy NO_ANSWER =
      new Remedy(
          "waiting for (?:read|write) (?:from|to) '|while reading line|Connection reset by peer|Broken pipe",
          "the store accepts connections and does not answer: see that it runs and is not overloaded, that nothing between it and"
              + " this pod drops packets (firewall, MTU, proxy), and that the scheme of the 'endpoint' is that of the port");

  private ServerRemedies() {}
}
