import FoundationEssentials

/// One row of the table of published authorities: a certificate, and the fingerprint it must have.
struct PublishedAnchor: Sendable {
    let kind: CertificatePurpose
    let generation: Int
    /// SHA-256 of the DER in upper-case hexadecimal, taken apart from the certificate and not computed from it here.
    let fingerprint: String
    /// DER in base64, lines broken.
    let certificate: String

    /// The anchor; `nil` when the certificate is not the one that the fingerprint pins.
    var anchor: TrustAnchor? {
        guard let der = Data(base64Encoded: certificate.filter { !$0.isNewline }),
            let facts = try? CertificateFacts(parsing: Array(der)), facts.fingerprint == fingerprint
        else { return nil }
        return try? TrustAnchor(facts, kind: kind, generation: generation)
    }
}

extension PublishedAnchor {
    /// Published by J-LIS at jpki.go.jp/ca/.
    ///
    /// The authority for user authentication of 2019 (serial number 0133C349), the second generation, is not among those
    /// at hand: certificates it issued are of an unknown generation here.
    static let all = [
        // 2015
        PublishedAnchor(
            kind: .signature,
            generation: 1,
            fingerprint: "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355",
            certificate: """
                MIIFETCCA/mgAwIBAgIBATANBgkqhkiG9w0BAQsFADCBgDELMAkGA1UEBhMCSlAxDTALBgNVBAoMBEpQS0kxIzAhBgNVBAsMGkpQ
                S0kgZm9yIGRpZ2l0YWwgc2lnbmF0dXJlMT0wOwYDVQQLDDRKYXBhbiBBZ2VuY3kgZm9yIExvY2FsIEF1dGhvcml0eSBJbmZvcm1h
                dGlvbiBTeXN0ZW1zMB4XDTE1MTAyMDAyNDAyOFoXDTI1MTAxOTE0NTk1OVowgYAxCzAJBgNVBAYTAkpQMQ0wCwYDVQQKDARKUEtJ
                MSMwIQYDVQQLDBpKUEtJIGZvciBkaWdpdGFsIHNpZ25hdHVyZTE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBMb2NhbCBBdXRo
                b3JpdHkgSW5mb3JtYXRpb24gU3lzdGVtczCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBANfhWTqnpAtEvBNZGuhoXSo5
                dzJLLhd+XuwNEz9VIZkWQbt3u3YmswI2szvojYQybMsLN+13DR9zCAesuSkBe80fyJUMi6brGoVIz1Q0HhhMLQj5jSnOvvijo4Zr
                p89i3jl81l0X3942iTg8LyakAsaAHjyNeXCDB3rzR8/aqXpqX06tQRqIexYuk3JrWKn6TZ0Cy3UukYZDmypL+QaAYj8gIN5/FVPD
                rowqeqdI8hysHzzACZbb47E0EMtJhL/3B9X8gyQ2pehsm5bBBYKS6UDp1MjFmLPpV6W2i7IUS0X+h38aSPwq7K1FxL7XnTqG/lwD
                YSMzrXAVYWtqquC6KwECAwEAAaOCAZIwggGOMA4GA1UdDwEB/wQEAwIBBjCBrgYDVR0RBIGmMIGjpIGgMIGdMQswCQYDVQQGEwJK
                UDEnMCUGA1UECgwe5YWs55qE5YCL5Lq66KqN6Ki844K144O844OT44K5MTAwLgYDVQQLDCflhaznmoTlgIvkurroqo3oqLzjgrXj
                g7zjg5PjgrnnvbLlkI3nlKgxMzAxBgNVBAsMKuWcsOaWueWFrOWFseWbo+S9k+aDheWgseOCt+OCueODhuODoOapn+anizAPBgNV
                HRMBAf8EBTADAQH/MIGaBgNVHR8EgZIwgY8wgYyggYmggYakgYMwgYAxCzAJBgNVBAYTAkpQMQ0wCwYDVQQKDARKUEtJMSMwIQYD
                VQQLDBpKUEtJIGZvciBkaWdpdGFsIHNpZ25hdHVyZTE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBMb2NhbCBBdXRob3JpdHkg
                SW5mb3JtYXRpb24gU3lzdGVtczAdBgNVHQ4EFgQUDQNMuzTQcU9F5Focr9j9FD+rVKcwDQYJKoZIhvcNAQELBQADggEBAJWYNfX8
                27RsgL0q6MAFfyMq+bUbi9Kz2FJm73u0/lM2Z03d4ZAam7InzwLIHol/vRA1TNbDcPthU7eMBu0PcrGfANWykjhvyu8KorM+Rlpc
                3XNcyljhR96LcTWUTUdMmqH1ZVQNkDJF+ZATpxihwvnvKh700JwmrQZ2YySNw/7wulWqais90LGNHIYxYK1IJ5uv2Q18IPUbuzW+
                1fwy6UPdA1OBdbdjX9LFCNK8EBSBs5nuelGnltbKIbtFPqfjWSOLib9o1TpTV1wHrRK542bWqPBKJGUl8hVuzmkYo8Lr9z6lL35N
                1zWFiNfIHbKraaqmP5zCoz3RmYYWp0jCbJ8=
                """
        ),
        // 2019
        PublishedAnchor(
            kind: .signature,
            generation: 2,
            fingerprint: "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB",
            certificate: """
                MIIFFDCCA/ygAwIBAgIEATLEqzANBgkqhkiG9w0BAQsFADCBgDELMAkGA1UEBhMCSlAxDTALBgNVBAoMBEpQS0kxIzAhBgNVBAsM
                GkpQS0kgZm9yIGRpZ2l0YWwgc2lnbmF0dXJlMT0wOwYDVQQLDDRKYXBhbiBBZ2VuY3kgZm9yIExvY2FsIEF1dGhvcml0eSBJbmZv
                cm1hdGlvbiBTeXN0ZW1zMB4XDTE5MDkxNDIzNDE1NloXDTI5MDkxNDE0NTk1OVowgYAxCzAJBgNVBAYTAkpQMQ0wCwYDVQQKDARK
                UEtJMSMwIQYDVQQLDBpKUEtJIGZvciBkaWdpdGFsIHNpZ25hdHVyZTE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBMb2NhbCBB
                dXRob3JpdHkgSW5mb3JtYXRpb24gU3lzdGVtczCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAKekfoH33BKfZA1TajdW
                E5OaHfmV8682m56uPX9MWA99sGtUS9dd3VEMBA75XWzr54X/dUb8EMbnWEDUeKad/+nCDGflhdtkeKdnPX+3pYq5+GjTTU66/zgR
                HIaYTk10nqj/k02xoeZNy0uP8BOiOTBy1Qwfy5yBLO/IlRyoYGGMRgHElOEo4Lu7UytKYL73D0rCI2Lqeu9/b4FSZe3CDw9jMCWY
                iLMkM1hSEM2SqKir/Nzv5gf6DM0LbvMNTcELuVG427nbhnwrRS7jraUBfhuoHm++roJc5loLiw9H9KHks3F27l5VhEhuN2uhe6ZS
                Wl3ebwFpSHIu8CkAFxLuak8CAwEAAaOCAZIwggGOMA4GA1UdDwEB/wQEAwIBBjCBrgYDVR0RBIGmMIGjpIGgMIGdMQswCQYDVQQG
                EwJKUDEnMCUGA1UECgwe5YWs55qE5YCL5Lq66KqN6Ki844K144O844OT44K5MTAwLgYDVQQLDCflhaznmoTlgIvkurroqo3oqLzj
                grXjg7zjg5PjgrnnvbLlkI3nlKgxMzAxBgNVBAsMKuWcsOaWueWFrOWFseWbo+S9k+aDheWgseOCt+OCueODhuODoOapn+anizAP
                BgNVHRMBAf8EBTADAQH/MIGaBgNVHR8EgZIwgY8wgYyggYmggYakgYMwgYAxCzAJBgNVBAYTAkpQMQ0wCwYDVQQKDARKUEtJMSMw
                IQYDVQQLDBpKUEtJIGZvciBkaWdpdGFsIHNpZ25hdHVyZTE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBMb2NhbCBBdXRob3Jp
                dHkgSW5mb3JtYXRpb24gU3lzdGVtczAdBgNVHQ4EFgQUTeAX3kt/Rz3Nhnpi04sTSs6DVYowDQYJKoZIhvcNAQELBQADggEBAKMh
                5xyXTfN5lLXTNK0TVkNUry052qwqEka3srunBcJhi6IILK1YnpzRTSk83U/Aa8FHpHkFvz1KfhHdfoI31kTasoSA9WvLY1SCShdG
                vuKkLnhwTwaUGtC/j0t5kFlSUcD6AqUUZDyPmuFY6ev2QrS4OyqWpnfAUhvepvjPT3MzEOWCzZFkjD2qt7b10boOm2YqZYrcTpwA
                P/U97dZc3b8tMytJF1T5SXcwkZTl1qOzdI3wNMWLhogDCVFE65PwqrWcwE2oZUjQAwFoW6Q4z4LEPx0tChByb4tHl2yyUmY1ZHyv
                QGdYyryZlYHEndY2sxYuGU17AOugZAxAj7jGAUY=
                """
        ),
        // 2023
        PublishedAnchor(
            kind: .signature,
            generation: 3,
            fingerprint: "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F",
            certificate: """
                MIIFFDCCA/ygAwIBAgIEBnxqITANBgkqhkiG9w0BAQsFADCBgDELMAkGA1UEBhMCSlAxDTALBgNVBAoMBEpQS0kxIzAhBgNVBAsM
                GkpQS0kgZm9yIGRpZ2l0YWwgc2lnbmF0dXJlMT0wOwYDVQQLDDRKYXBhbiBBZ2VuY3kgZm9yIExvY2FsIEF1dGhvcml0eSBJbmZv
                cm1hdGlvbiBTeXN0ZW1zMB4XDTIzMDcxNjAwNTAyN1oXDTMzMDcxNTE0NTk1OVowgYAxCzAJBgNVBAYTAkpQMQ0wCwYDVQQKDARK
                UEtJMSMwIQYDVQQLDBpKUEtJIGZvciBkaWdpdGFsIHNpZ25hdHVyZTE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBMb2NhbCBB
                dXRob3JpdHkgSW5mb3JtYXRpb24gU3lzdGVtczCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBANi0xL81Wl6UyoSYgP4l
                RONGzgOoHZLmhKYn7R78djBrh6ViwZ3UNT2gj1FbApWdPZxyPDG37RXJBzY4qjujYgWG5bDEnkRJfMGG+xsuHkQ1zBf2rxSbwmfW
                jJmD0zriVKUmOJCbzNCZyZt6OreVjQcueeWx5nZYSzJt8yG6O9GQj+OE0UiN+zweAIfMDnP9kjGIzOG3ZoDnr+3wqv/WPfHkKZKk
                nOl3oagtasKaHXZmZvmtiEpG1b70P2dlgeywDDpBCyfP+QpR5BrueXnHjvqX7G0uyGiQndL+DAt9cycIQergXIrMdOax2wDP/ZPS
                e1SR1JIFKPDarfKZZUZ3iUkCAwEAAaOCAZIwggGOMA4GA1UdDwEB/wQEAwIBBjCBrgYDVR0RBIGmMIGjpIGgMIGdMQswCQYDVQQG
                EwJKUDEnMCUGA1UECgwe5YWs55qE5YCL5Lq66KqN6Ki844K144O844OT44K5MTAwLgYDVQQLDCflhaznmoTlgIvkurroqo3oqLzj
                grXjg7zjg5PjgrnnvbLlkI3nlKgxMzAxBgNVBAsMKuWcsOaWueWFrOWFseWbo+S9k+aDheWgseOCt+OCueODhuODoOapn+anizAP
                BgNVHRMBAf8EBTADAQH/MIGaBgNVHR8EgZIwgY8wgYyggYmggYakgYMwgYAxCzAJBgNVBAYTAkpQMQ0wCwYDVQQKDARKUEtJMSMw
                IQYDVQQLDBpKUEtJIGZvciBkaWdpdGFsIHNpZ25hdHVyZTE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBMb2NhbCBBdXRob3Jp
                dHkgSW5mb3JtYXRpb24gU3lzdGVtczAdBgNVHQ4EFgQU0h6lWJVhfpOtv5ZrlBq07fZT8I8wDQYJKoZIhvcNAQELBQADggEBANLq
                5fwgQlvbowToAGecatiTa2rSCpRNNibDgNrqgorIvwS1mixEAItJWEpXaWq+3l/mN0cNW9kOZsH526Wy9XblvmsQm2CfTB8ltp7k
                fkiIHIIg3OWnRBbxAd+I6AsvuiE8N3RIZBTKE5N/08WxlMPd03wkcgiyT6yu/G57tI7oS0e6FDW31BVdS4JyuXWHs78rgrxrGmcT
                1L/I6TeG+cQn+MCCMp7TD5GXYtUdrx9Q2mmrSR7wf2ZNHiUtYq9hTkbnF0Mt4BUaEw1Bqtch0qlmVQG67YTUerI8rBIsDulJcwzD
                eVZ5P0UD3TBwLmM9t088Bgrv6is7dFPT0JEqNwU=
                """
        ),
        // 2015
        PublishedAnchor(
            kind: .authentication,
            generation: 1,
            fingerprint: "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D",
            certificate: """
                MIIFIDCCBAigAwIBAgIBATANBgkqhkiG9w0BAQsFADCBgjELMAkGA1UEBhMCSlAxDTALBgNVBAoMBEpQS0kxJTAjBgNVBAsMHEpQ
                S0kgZm9yIHVzZXIgYXV0aGVudGljYXRpb24xPTA7BgNVBAsMNEphcGFuIEFnZW5jeSBmb3IgTG9jYWwgQXV0aG9yaXR5IEluZm9y
                bWF0aW9uIFN5c3RlbXMwHhcNMTUxMDIwMDMwODEzWhcNMjUxMDE5MTQ1OTU5WjCBgjELMAkGA1UEBhMCSlAxDTALBgNVBAoMBEpQ
                S0kxJTAjBgNVBAsMHEpQS0kgZm9yIHVzZXIgYXV0aGVudGljYXRpb24xPTA7BgNVBAsMNEphcGFuIEFnZW5jeSBmb3IgTG9jYWwg
                QXV0aG9yaXR5IEluZm9ybWF0aW9uIFN5c3RlbXMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDErMrTwOIy0V7LHYCB
                ttzaAqhetfooJf8F0YMSGVIBnZDzxKz4toNDWY4mN935Uo9saPTsTtsIRed5azFAekE3VhTKSrfhA39uGssJBUEifqxay3WY8XiA
                IPE5jB5B8Gc6Ked9GvmzwA7TVNxg5M9q5I0+gxtJ2ocqMWOI7A8tfL2UpwOqyVYKRZVXjKIkBPIbYrNLdZrAki3FsCCyl7rR47NO
                t3sLZW1oz2fxJUZubD7oAXzKmZhofU9z3KQG6dgTaNzOpnPKhnxbTwXM68zQW52H8okir/6gJ23gAr+fR8Z+IMuKkCj7df+7Lv+a
                b/3ZIncb01+QL5XEgHs7RLrHAgMBAAGjggGdMIIBmTAOBgNVHQ8BAf8EBAMCAQYwgbcGA1UdEQSBrzCBrKSBqTCBpjELMAkGA1UE
                BhMCSlAxJzAlBgNVBAoMHuWFrOeahOWAi+S6uuiqjeiovOOCteODvOODk+OCuTE5MDcGA1UECwww5YWs55qE5YCL5Lq66KqN6Ki8
                44K144O844OT44K55Yip55So6ICF6Ki85piO55SoMTMwMQYDVQQLDCrlnLDmlrnlhazlhbHlm6PkvZPmg4XloLHjgrfjgrnjg4bj
                g6DmqZ/mp4swDwYDVR0TAQH/BAUwAwEB/zCBnAYDVR0fBIGUMIGRMIGOoIGLoIGIpIGFMIGCMQswCQYDVQQGEwJKUDENMAsGA1UE
                CgwESlBLSTElMCMGA1UECwwcSlBLSSBmb3IgdXNlciBhdXRoZW50aWNhdGlvbjE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZvciBM
                b2NhbCBBdXRob3JpdHkgSW5mb3JtYXRpb24gU3lzdGVtczAdBgNVHQ4EFgQUlWeVG1ynDYSg//HYWofxqrE0A4UwDQYJKoZIhvcN
                AQELBQADggEBACJnlGS30OV191IiCvFKB2tGFS1Czn56eV4COTzlNr+Ghona96bCy6bCdQvcRrbOMFK/S71umIO9ITR/eYUHhyt5
                aJv8wljNGctDUzvOzFvwkDs2HOLfv8n+/L8I6rRwIozyY58lUzcIFqe/gx0lLupQ9QsM+X/wiA+6oSyV8/yrM+c7aoGKRSQ/PFFV
                1nVTS7G6VYDrKOMKsvrh4b5buK3JPk7hc7AqRMx4lFzyJg+tq6Qy62aL4lCoIqKfmPfp4+GManEfCsDi1JSYpauPmpFMCLM0B8ur
                UUlfDS5W4rtH23D3wcUh1LVI8kMYnyc4mpKoe5eoqG8eCWkd0lz1ms4=
                """
        ),
        // 2023
        PublishedAnchor(
            kind: .authentication,
            generation: 3,
            fingerprint: "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5",
            certificate: """
                MIIFIzCCBAugAwIBAgIEBtGABjANBgkqhkiG9w0BAQsFADCBgjELMAkGA1UEBhMCSlAxDTALBgNVBAoMBEpQS0kxJTAjBgNVBAsM
                HEpQS0kgZm9yIHVzZXIgYXV0aGVudGljYXRpb24xPTA7BgNVBAsMNEphcGFuIEFnZW5jeSBmb3IgTG9jYWwgQXV0aG9yaXR5IElu
                Zm9ybWF0aW9uIFN5c3RlbXMwHhcNMjMwNzE2MDEwMTA0WhcNMzMwNzE1MTQ1OTU5WjCBgjELMAkGA1UEBhMCSlAxDTALBgNVBAoM
                BEpQS0kxJTAjBgNVBAsMHEpQS0kgZm9yIHVzZXIgYXV0aGVudGljYXRpb24xPTA7BgNVBAsMNEphcGFuIEFnZW5jeSBmb3IgTG9j
                YWwgQXV0aG9yaXR5IEluZm9ybWF0aW9uIFN5c3RlbXMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDdxNt+xeqB9O50
                CBx2IjT3ffw8G/wOfwQJ2RfPHTuwBoudurxDlvqX5MPWlZpFaKNpbY0oWjOsA4BuLW40bS6BW+zmdvYIZvtuxKuy5U613FGV0UbM
                7UT2s4Z/Wk4QJ+B6sFQnnoQlyzbDL3x70GQ+oQMo8To0sFbqoRWUQAu3QoDUNb/H0/k8PxZwhtUYY2q5kaNbtlI4q+0u+qnQXizX
                OPx1PJEvPsv0EQyE0+7aiSZ5kdiuDvZ9VdUXqiJHUnEljCYFRRiRJ4LlugEGwqMVWr0vU+2UTg+K4vT6ESYxjTAfjgNlR1kWPEs/
                1UEblqfrJQo/25rTxoQd4/WXyJofAgMBAAGjggGdMIIBmTAOBgNVHQ8BAf8EBAMCAQYwgbcGA1UdEQSBrzCBrKSBqTCBpjELMAkG
                A1UEBhMCSlAxJzAlBgNVBAoMHuWFrOeahOWAi+S6uuiqjeiovOOCteODvOODk+OCuTE5MDcGA1UECwww5YWs55qE5YCL5Lq66KqN
                6Ki844K144O844OT44K55Yip55So6ICF6Ki85piO55SoMTMwMQYDVQQLDCrlnLDmlrnlhazlhbHlm6PkvZPmg4XloLHjgrfjgrnj
                g4bjg6DmqZ/mp4swDwYDVR0TAQH/BAUwAwEB/zCBnAYDVR0fBIGUMIGRMIGOoIGLoIGIpIGFMIGCMQswCQYDVQQGEwJKUDENMAsG
                A1UECgwESlBLSTElMCMGA1UECwwcSlBLSSBmb3IgdXNlciBhdXRoZW50aWNhdGlvbjE9MDsGA1UECww0SmFwYW4gQWdlbmN5IGZv
                ciBMb2NhbCBBdXRob3JpdHkgSW5mb3JtYXRpb24gU3lzdGVtczAdBgNVHQ4EFgQUGsEA9ZajvIxLPfGV4yaZJJ6eMIowDQYJKoZI
                hvcNAQELBQADggEBAHB2MubK1YUwFd6zUQrinYXdkbXKGcm7X7Wfe8bRkxr6PGDeQgWjggCJ44HrU8UZPAec7oCzqey0wQTqziBV
                jyd98ntWlVV5SrgXeaWbfgI51MgWs5j3a8hrCPAwwcRi9XgTFgGvmwjAORrMaNueGkqAK/1YFs9TGuiJxIc8Tm0w/bVGNoS4eJ0u
                yamqsLQroA9/pHCkp0AehFv4eonhiP8T3OsaiMG38JCb5a9K7FDfrwd3T4+zjDIbecJL+viI0psHWwVmoyBBLXNBMjA5kKIqDYaY
                o6jsd7yoViTGcDpoYeRynal5yjkGyXigSal+staD3P6Yf7dJb0HX0gA0KRA=
                """
        ),
    ]
}
