# One image for watcher, workers, reading room and Prefect's server: the locked versions of all.
FROM python:3.11.16-slim-bookworm

RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends tesseract-ocr tesseract-ocr-vie poppler-utils \
    libseccomp2 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/sohoa
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY pipeline pipeline
COPY ocr ocr
COPY storage storage
COPY search search
COPY accounts accounts
COPY owners owners
COPY web web
COPY flows flows
RUN pip install --no-cache-dir --disable-pip-version-check --no-build-isolation --no-deps .
# Imports take a third of the time; files that no Python 3.11 can compile lie among the packages.
RUN python -m compileall -q /usr/local/lib/python3.11/site-packages >/dev/null || true

# Volumes take owner and mode of these folders; on a read-only root nothing else can be written.
RUN useradd --uid 10001 --user-group --home-dir /var/lib/sohoa --create-home sohoa \
 && chmod 0700 /var/lib/sohoa \
 && install -d -m 0700 -o sohoa -g sohoa /var/tmp/sohoa
USER 10001:10001
WORKDIR /var/lib/sohoa
# A page is read on one thread; several pages at a time use the processors (READING__THREADS).
ENV SOHOA_HOME=/var/lib/sohoa TMPDIR=/var/tmp/sohoa OMP_THREAD_LIMIT=1 PYTHONUNBUFFERED=1
CMD ["sohoa", "doctor"]
