# Builds the binary with its models, and an image that runs it as an ordinary
# user with everything inside: engines, models, fonts. Data lives in /data.

FROM golang:1.26-bookworm AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
      nodejs npm libtesseract-dev libleptonica-dev libturbojpeg0-dev pkg-config && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN sh ocr/models/install.sh && ./scripts/ui.sh && go build -trimpath -tags nodynamic -ldflags '-s -w' -o /out/onewindow ./cmd/onewindow

FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
      libtesseract5 liblept5 libturbojpeg0 tesseract-ocr tesseract-ocr-chi-sim fonts-noto-cjk fonts-lxgw-wenkai qpdf poppler-utils \
      bubblewrap ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home onewindow \
    && install -d -o onewindow -g onewindow /data /uploads
COPY --from=build /out/onewindow /usr/local/bin/onewindow
COPY --from=build /src/share/onewindow /usr/local/share/onewindow
ENV ONEWINDOW_DATA_DIR=/data ONEWINDOW_LISTEN=0.0.0.0:8080 ONEWINDOW_LOG_FORMAT=json
USER onewindow
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["onewindow", "healthcheck"]
ENTRYPOINT ["onewindow"]
CMD ["serve"]
